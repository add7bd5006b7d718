import type { RescuedRun } from '../run/rescue-lost-runs.js'
import type { Logger } from './create-logger.js'
import type { OutcomeReporter } from './outcome-reporter.js'

/** Says which runs were taken back, and from which workers; to the log and to the app. */
export function reportRescued(
  logger: Logger,
  runs: readonly RescuedRun[],
  reportOutcome: OutcomeReporter,
): void {
  for (const { id, label, workerId, outcome, ...run } of runs) {
    const loser = workerId === null ? '' : ` by its worker ${workerId}`
    logger.warn({ run: id }, `${label} (run ${id}) was lost${loser} and is taken back.`)
    const { taskId, callable, queue, attempt, maxAttempts, state } = run
    reportOutcome({ runId: id, taskId, label, callable, queue, attempt, maxAttempts, state }, outcome)
  }
}
