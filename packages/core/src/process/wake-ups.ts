import type { Clock } from '../clock/clock.js'
import type { SisyRuntime } from '../extension/sisy-runtime.js'
import { adapterConnection } from '../store/adapter-connection.js'
import { openListener, type Listener, type ListenerOptions } from '../store/listener.js'
import type { Logger } from './create-logger.js'
import { troubleReporter } from './trouble-reporter.js'

export interface WakeUpOptions {
  readonly runtime: SisyRuntime
  /** The `listen` setting: a connection string, false for polling only, undefined for the adapter's own settings. */
  readonly listen: string | false | undefined
  readonly channels: readonly string[]
  readonly onMessage: ListenerOptions['onMessage']
  readonly clock: Clock
  readonly logger: Logger
}

/** Listens for wake-ups if it can; otherwise says that polling serves, and returns null. */
export async function openWakeUps(options: WakeUpOptions): Promise<Listener | null> {
  const { listen, logger, channels, onMessage, clock } = options
  if (listen === false) return null
  const connection = listen ?? adapterConnection(options.runtime.base)
  if (connection === undefined) {
    logger.info(
      'No connection for LISTEN is known; polling serves. Set `listen` to a connection string for faster wake-ups.',
    )
    return null
  }
  return openListener({
    connection,
    channels,
    onMessage,
    clock,
    random: Math.random,
    ...troubleReporter(logger, 'Listening for wake-ups'),
  })
}
