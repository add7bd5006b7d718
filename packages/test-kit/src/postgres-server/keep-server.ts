import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { PostgresUser } from './postgres-user.js'

const KEEPER = fileURLToPath(new URL('../../bin/postgres-keeper.mjs', import.meta.url))
const READY = 'database system is ready to accept connections'
const LINES_IN_ERROR = 20

export interface KeepServerOptions {
  /** Path of the `postgres` program. */
  readonly command: string
  readonly args: readonly string[]
  /** Removed together with the server. */
  readonly folders: readonly string[]
  /** Account to run under; null for the current one. */
  readonly user: PostgresUser | null
  /** Called with each line of the server's log. */
  readonly log: (line: string) => void
}

/** How a server is ended: `fast` breaks its sessions off in order, `immediate` is a crash that the next start recovers from. */
export type ServerEnd = 'fast' | 'immediate'

/** A server that lives no longer than this process. */
export interface KeptServer {
  /**
   * Ends the server and starts it again, at the same port and with its data. Resolves when it accepts connections. Not on
   * Windows, which has no signals.
   *
   * @throws Error with the last log lines when it does not come back.
   */
  restart(end: ServerEnd): Promise<void>
  /** Ends the server; resolves when it has ended. May be called again. */
  stop(): Promise<void>
}

const SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const satisfies Record<ServerEnd, NodeJS.Signals>

/**
 * Runs a server under a keeper, a small process that ends the server when this one is gone. Resolves when the server
 * accepts connections.
 *
 * @throws Error with the last log lines when the server ends before it is ready.
 */
export async function keepServer({
  command,
  args,
  folders,
  user,
  log,
}: KeepServerOptions): Promise<KeptServer> {
  // A process group of its own: Ctrl-C reaches the whole foreground group, and the owner may still need its database.
  const keeper = spawn(process.execPath, [KEEPER, JSON.stringify({ command, args, folders, ...user })], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
    windowsHide: true,
  })
  const ended = once(keeper, 'close')
  const recent: string[] = []
  const output = createInterface({ input: keeper.stdout }).on('line', (line) => {
    log(line)
    recent.splice(0, recent.push(line) - LINES_IN_ERROR)
  })
  const failed = ended.then(() => {
    throw new Error(`PostgreSQL ended before it was ready. Its log ends with:\n${recent.join('\n')}`)
  })
  // Only who waits for the server is told.
  failed.catch(() => undefined)
  const ready = (): Promise<void> => Promise.race([lineWith(output, READY), failed])

  await ready()
  return {
    restart: async (end) => {
      keeper.stdin.write(`${SIGNALS[end]}\n`)
      await ready()
    },
    stop: async () => {
      keeper.stdin.end()
      await ended
    },
  }
}

function lineWith(output: Interface, text: string): Promise<void> {
  return new Promise((resolve) => {
    const look = (line: string): void => {
      if (!line.includes(text)) return
      output.off('line', look)
      resolve()
    }
    output.on('line', look)
  })
}
