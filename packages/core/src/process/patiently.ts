import { sleep, systemClock } from '../clock/clock.js'
import type { Logger } from './create-logger.js'
import { describeDatabaseError, mayPass } from './describe-database-error.js'
import { retryPause } from './retry-pause.js'

export interface PatienceOptions {
  readonly logger: Logger
  /** Aborted to try no more. Default: never. */
  readonly signal?: AbortSignal
}

/**
 * Does a step of a start, and does it again as long as the database is not there or takes nothing for a time: a machine
 * or a cluster that starts brings up its parts in any order. Says so once.
 *
 * @param step may be done any number of times.
 * @throws what waiting does not mend: a wrong password, a database that does not exist, …; and the last trouble when the
 *   signal is aborted.
 */
export async function patiently<Result>(
  step: () => Promise<Result>,
  { logger, signal }: PatienceOptions,
): Promise<Result> {
  for (let failures = 0; ; failures += 1) {
    try {
      const result = await step()
      if (failures > 0) logger.info('The database answers.')
      return result
    } catch (error) {
      const known = describeDatabaseError(error)
      if (known === undefined || !mayPass(error) || isAborted(signal)) throw known ?? error
      if (failures === 0) logger.warn(`${known.message} Trying again until it answers.`)
      // The network takes its own time, whatever clock a test sets.
      await sleep(systemClock, retryPause(failures + 1, Math.random()), signal)
      if (isAborted(signal)) throw known
    }
  }
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true
}
