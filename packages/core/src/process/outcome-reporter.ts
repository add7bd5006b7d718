import { oneLine } from '../errors/one-line.js'
import type { OnOutcome, Outcome, OutcomeRun } from '../run/outcome.js'
import type { Logger } from './create-logger.js'

/** Tells the app how an attempt ended. Never throws, and does not wait for the app. */
export type OutcomeReporter = (run: OutcomeRun, outcome: Outcome) => void

/** @param onOutcome the app's own function; undefined tells nobody. */
export function outcomeReporter(onOutcome: OnOutcome | undefined, logger: Logger): OutcomeReporter {
  if (onOutcome === undefined) return () => undefined
  const tell = async (run: OutcomeRun, outcome: Outcome): Promise<void> => {
    try {
      await onOutcome(run, outcome)
    } catch (error) {
      logger.error(
        { err: error, run: run.runId },
        `onOutcome failed when told of ${run.label} (run ${run.runId}); the run is not affected: ${oneLine(error)}`,
      )
    }
  }
  return (run, outcome) => void tell(run, outcome)
}
