import { setTimeout as sleep } from 'node:timers/promises'
import { databaseLocation } from '../src/database-location.js'
import { applyMigrations } from './apply-migrations.js'
import { openDatabase, type DemoDatabase } from './open-database.js'
import { readOptions } from './read-options.js'
import { LOG_FILE } from './start-processes.js'
import { listenForStop, type StopRequests } from './stop-requests.js'
import { tally } from './view/tally.js'

/**
 * Runs the whole example: database, tables, sites, heartbeat, worker and view. Resolves to the exit code when nothing
 * of it is left.
 */
export async function runDemo(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  using stop = listenForStop()
  // Nobody reads any more: `npm start | head`.
  process.stdout.on('error', () => stop.ask())
  let isPrepared = false
  try {
    const { seconds } = readOptions(args)
    await using database = await openDatabase(env)
    await prepare(database, env)
    isPrepared = true
    if (!stop.asked.aborted) await run(stop, seconds)
    return 0
  } catch (error) {
    // Ctrl-C while PostgreSQL was being set up ended that too.
    if (stop.asked.aborted && !isPrepared) return 0
    console.error(`uptime-monitor: ${messageOf(error)}`)
    return 1
  }
}

async function prepare(database: DemoDatabase, env: NodeJS.ProcessEnv): Promise<void> {
  console.log(`Database  ${database.description}`)
  env['DATABASE_URL'] = database.url
  const applied = await applyMigrations(databaseLocation(env)).catch((error: unknown) => {
    throw new Error(`${messageOf(error)}. ${database.advice}`)
  })
  console.log(`Tables    ${applied.length > 0 ? `created by ${applied.join(', ')}` : 'there already'}`)
}

async function run(stop: StopRequests, seconds: number | null): Promise<void> {
  if (seconds !== null) void sleep(seconds * 1000, undefined, { ref: false }).then(() => stop.ask())
  console.log(`Log       examples/uptime-monitor/${LOG_FILE}`)
  // The app reads its environment when it is loaded.
  const { runSession } = await import('./run-session.js')
  const last = await runSession(stop)
  console.log(`Ended in order: ${tally(last)}.`)
  if (seconds !== null && !last.counts['succeeded']) throw new Error(`Nothing was run in ${seconds} s.`)
}

function messageOf(error: unknown): string {
  // A refused connection to a name with several addresses has a message in its parts only.
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}
