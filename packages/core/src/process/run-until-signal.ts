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
  let asked: () => void = () => undefined
  const signalled = new Promise<void>((resolve) => (asked = resolve))
  using _signals = onShutdownSignals({
    monotonic: () => systemClock.monotonic(),
    drain: (signal) => {
      logger.info(`${signal}: ending in order; once more to end at once.`)
      asked()
    },
    stopNow: (signal) => {
      logger.warn(`${signal} again: ending at once.`)
      void service.stopNow()
    },
  })
  await service.start()
  await signalled
  await service.stop()
  logger.info('Ended.')
}
