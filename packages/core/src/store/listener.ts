import type { Clock } from '../clock/clock.js'
import type { Connection, ListenConnection } from './listen-connection.js'
import { listenOn } from './postgresql/listen.js'

export interface ListenerOptions {
  readonly connection: ListenConnection
  readonly channels: readonly string[]
  /** A message, or `undefined` when some may have been missed and the caller should look for itself. */
  readonly onMessage: (message: { readonly channel: string; readonly payload: string } | undefined) => void
  /** Called once when the connection is lost or cannot be made; it is tried again, and polling goes on meanwhile. */
  readonly onTrouble: (error: unknown) => void
  readonly onRecovery: () => void
  readonly clock: Clock
  /** Between 0 and 1; spreads reconnections. */
  readonly random: () => number
}

/** Wake-ups from the database, for as long as it is not closed. */
export interface Listener {
  close(): Promise<void>
}

const firstPauseMs = 500
const longestPauseMs = 30_000

/** Listens, and connects again whenever the connection is lost. Resolves after the first try, whatever came of it. */
export async function openListener(options: ListenerOptions): Promise<Listener> {
  const { clock, random, onMessage, onTrouble, onRecovery } = options
  let closed = false
  let failures = 0
  let connection: Connection | undefined
  let cancelRetry: (() => void) | undefined

  function retry(error: unknown): void {
    connection = undefined
    if (closed) return
    if (failures === 0) onTrouble(error)
    const bound = Math.min(longestPauseMs, firstPauseMs * 2 ** failures)
    failures += 1
    cancelRetry = clock.after(bound * (0.5 + random() / 2), () => void connect())
  }

  async function connect(): Promise<void> {
    try {
      const made = await listenOn({
        connection: options.connection,
        channels: options.channels,
        onMessage: (channel, payload) => {
          onMessage({ channel, payload })
        },
        onLost: retry,
      })
      connection = made
      if (closed) {
        await made.close()
        return
      }
      if (failures > 0) onRecovery()
      failures = 0
      onMessage(undefined)
    } catch (error) {
      retry(error)
    }
  }

  await connect()
  return {
    close: async () => {
      closed = true
      cancelRetry?.()
      await connection?.close()
    },
  }
}
