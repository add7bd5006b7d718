import type { LostRun } from '../run/run-row.js'
import type { Logger } from './create-logger.js'

/** Says which runs were taken back, and from which workers. */
export function reportRescued(logger: Logger, runs: readonly LostRun[]): void {
  for (const { id, label, workerId } of runs) {
    logger.warn({ run: id }, `${label} (run ${id}) was lost by its worker ${workerId} and is taken back.`)
  }
}
