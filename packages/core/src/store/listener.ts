import type { Clock } from '../clock/clock.js'
import { retryPause } from '../process/retry-pause.js'
import type { Connection, ListenConnection } from './listen-connection.js'
import { listenConnection } from './postgresql/listen.js'
import { within } from './within.js'

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
  /** Whether it hears at this moment, as far as it knows. */
  readonly isListening: boolean
  /** Waits for nobody. */
  close(): void
}

/** How long it may take to connect, or to answer a probe, milliseconds. */
const deadlineMs = 5_000
/** How often the connection is probed, which is silent by nature and may be dead without a sign of it, milliseconds. */
const probeEveryMs = 120_000

/** Listens, and connects again whenever the connection is lost. Resolves after the first try, whatever came of it. */
export async function openListener(options: ListenerOptions): Promise<Listener> {
  const { clock, random, onMessage, onTrouble, onRecovery } = options
  let closed = false
  let isListening = false
  let failures = 0
  let connection: Connection | undefined
  let cancelNext = (): void => undefined

  function retry(error: unknown): void {
    isListening = false
    connection?.close()
    connection = undefined
    cancelNext()
    if (closed) return
    if (failures === 0) onTrouble(error)
    failures += 1
    cancelNext = clock.after(retryPause(failures, random()), () => void connect())
  }

  async function connect(): Promise<void> {
    try {
      await listen()
    } catch (error) {
      retry(error)
    }
  }

  async function listen(): Promise<void> {
    const made = listenConnection({
      connection: options.connection,
      channels: options.channels,
      onMessage: (channel, payload) => {
        onMessage({ channel, payload })
      },
      onLost: retry,
    })
    connection = made
    await within(made.listen(), { clock, ms: deadlineMs, missed: 'No connection to the database came about' })
    if (connection !== made) return
    if (failures > 0) onRecovery()
    failures = 0
    isListening = true
    probeLater(made)
    onMessage(undefined)
  }

  function probeLater(made: Connection): void {
    cancelNext = clock.after(probeEveryMs, () => void probe(made))
  }

  async function probe(made: Connection): Promise<void> {
    try {
      await within(made.probe(), { clock, ms: deadlineMs, missed: 'The database did not answer' })
      if (connection === made) probeLater(made)
    } catch (error) {
      // What was lost otherwise meanwhile has been told, and replaced.
      if (connection === made) retry(error)
    }
  }

  await connect()
  return {
    get isListening() {
      return isListening
    },
    close: () => {
      closed = true
      isListening = false
      cancelNext()
      connection?.close()
      connection = undefined
    },
  }
}
