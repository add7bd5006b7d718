import { hostname } from 'node:os'
import { systemClock } from '../clock/clock.js'
import { DatabaseError } from '../errors/errors.js'
import type { SisyRuntime } from '../extension/sisy-runtime.js'
import { openInspector } from '../store/open-inspector.js'
import { openStore } from '../store/open-store.js'
import type { WorkerRow } from '../store/store.js'
import { within } from '../store/within.js'
import { describeDatabaseError } from './describe-database-error.js'

/** A worker that died is taken to live for this long after it was last seen, milliseconds. */
const longestSilenceMs = 60_000

/** The app's own client knows no limit. */
const deadline = { clock: systemClock, ms: 10_000, missed: 'The database did not answer' }

/** What a process is, among those that may share a database. */
export type ProcessPart =
  /** Stamps and runs: the one process that PGlite can serve. */
  'heartbeat and worker' | 'heartbeat' | 'worker'

/**
 * Refuses a second process on PGlite, where several give wrong results: open transactions block everyone, locked rows
 * are not skipped and wake-ups are lost.
 *
 * @throws DatabaseError on PGlite for a heartbeat of its own, or beside a worker that lives; also when the database
 *   cannot be reached.
 */
export async function refuseSecondProcess(runtime: SisyRuntime, part: ProcessPart): Promise<void> {
  try {
    await within(refuseOnPglite(runtime, part), deadline)
  } catch (thrown) {
    throw describeDatabaseError(thrown) ?? thrown
  }
}

async function refuseOnPglite(runtime: SisyRuntime, part: ProcessPart): Promise<void> {
  const { base: client, provider, schema } = runtime
  const { isPglite } = await openInspector({ client, schema }).readServerVersion()
  if (!isPglite) return
  if (part === 'heartbeat') throw refusal('a heartbeat of its own needs a second one')
  const store = openStore({ client, provider, schema, channels: runtime.channels() })
  const since = new Date((await store.now()).getTime() - longestSilenceMs)
  const other = (await store.listLiveWorkers(since)).find(isAlive)
  if (other !== undefined)
    throw refusal(`worker ${other.id} (pid ${other.pid} on ${other.host}) already runs`)
}

function refusal(why: string): DatabaseError {
  return new DatabaseError(
    `This database is PGlite, which serves one process, and ${why}. Run a single \`npx sisy-worker --heartbeat\`, or use a PostgreSQL server.`,
    { database: 'PGlite' },
  )
}

/** Of a worker on this machine its process tells; of another the row must do. */
function isAlive({ host, pid }: WorkerRow): boolean {
  if (host !== hostname()) return true
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
