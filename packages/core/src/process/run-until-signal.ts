import { once } from 'node:events'
import { systemClock } from '../clock/clock.js'
import type { Logger } from './create-logger.js'
import { onShutdownSignals } from './on-shutdown-signals.js'

/** Something long-running, as a bin drives it. */
export interface Service {
  start(): Promise<void>
  /** Ends in order. */
  stop(): Promise<void>
  /** Ends at once; also while `stop()` is waiting. */
  stopNow(): Promise<void>
}

/** Runs a service until SIGINT or SIGTERM, then ends it in order; a second signal ends it at once. */
export async function runUntilSignal(service: Service, logger: Logger): Promise<void> {
  const first = new AbortController()
  const second = new AbortController()
  const asked = once(first.signal, 'abort')
  const hurried = once(second.signal, 'abort').then(() => service.stopNow())
  using _signals = onShutdownSignals({
    monotonic: () => systemClock.monotonic(),
    drain: (signal) => {
      logger.info(`${signal}: ending in order; once more to end at once.`)
      first.abort()
    },
    stopNow: (signal) => {
      logger.warn(`${signal} again: ending at once.`)
      second.abort()
    },
  })
  // A start or an end that the database holds up does not hold up the next step.
  await Promise.race([service.start(), asked])
  await asked
  await Promise.race([service.stop(), hurried])
  logger.info('Ended.')
}
