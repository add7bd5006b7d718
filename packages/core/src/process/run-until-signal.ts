import { once } from 'node:events'
import type { Logger } from './create-logger.js'
import type { ShutdownSignals } from './shutdown-signals.js'

/** Something that can be ended, as a bin drives it. */
export interface Stoppable {
  /** Ends in order. */
  stop(): Promise<void>
  /** Ends at once; also while `stop()` is waiting. */
  stopNow(): Promise<void>
}

/** Something long-running, as a bin drives it. */
export interface Service extends Stoppable {
  start(): Promise<void>
}

export interface SignalOptions {
  readonly signals: ShutdownSignals
  readonly logger: Logger
}

/** Runs a service until the process is asked to end, then ends it in order; asked a second time it ends it at once. */
export async function runUntilSignal(service: Service, options: SignalOptions): Promise<void> {
  const startAndStay = async (): Promise<never> => {
    await service.start()
    return new Promise(() => undefined)
  }
  await runToEnd(startAndStay, service, options)
  options.logger.info('Ended.')
}

/** Does a job, and ends in order what does it: when it is done, or earlier when the process is asked to end. */
export async function runToEnd(
  job: () => Promise<void>,
  doer: Stoppable,
  { signals, logger }: SignalOptions,
): Promise<void> {
  const first = new AbortController()
  const second = new AbortController()
  const asked = once(first.signal, 'abort')
  const hurried = once(second.signal, 'abort').then(() => doer.stopNow())
  using _handed = signals.handTo({
    drain: (cause) => {
      logger.info(`${cause}: ending in order; once more to end at once.`)
      first.abort()
    },
    stopNow: (cause) => {
      logger.warn(`${cause} again: ending at once.`)
      second.abort()
    },
  })
  // A start or an end that the database holds up does not hold up the next step.
  await Promise.race([job(), asked])
  await Promise.race([doer.stop(), hurried])
}
