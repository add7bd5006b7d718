import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { PostgresUser } from './postgres-user.js'

const KEEPER = fileURLToPath(new URL('../../bin/postgres-keeper.mjs', import.meta.url))
const READY = 'database system is ready to accept connections'
const LINES_IN_ERROR = 20

export interface KeepServerOptions {
  /** Path of the `postgres` program. */
  readonly command: string
  readonly args: readonly string[]
  /** Folder removed together with the server. */
  readonly home: string
  /** Account to run under; null for the current one. */
  readonly user: PostgresUser | null
  /** Called with each line of the server's log. */
  readonly log: (line: string) => void
}

/**
 * Runs a server under a keeper, a small process that ends the server when this one is gone. Resolves when the server
 * accepts connections, to a function that ends it.
 *
 * @throws Error with the last log lines when the server ends before it is ready.
 */
export async function keepServer({
  command,
  args,
  home,
  user,
  log,
}: KeepServerOptions): Promise<() => Promise<void>> {
  // A process group of its own: Ctrl-C reaches the whole foreground group, and the owner may still need its database.
  const keeper = spawn(process.execPath, [KEEPER, JSON.stringify({ command, args, home, ...user })], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
    windowsHide: true,
  })
  const ended = once(keeper, 'close')
  const recent: string[] = []
  const ready = new Promise<void>((resolve) => {
    createInterface({ input: keeper.stdout }).on('line', (line) => {
      log(line)
      recent.splice(0, recent.push(line) - LINES_IN_ERROR)
      if (line.includes(READY)) resolve()
    })
  })
  const failed = ended.then(() => {
    throw new Error(`PostgreSQL ended before it was ready. Its log ends with:\n${recent.join('\n')}`)
  })
  await Promise.race([ready, failed])
  return async () => {
    keeper.stdin.end()
    await ended
  }
}
