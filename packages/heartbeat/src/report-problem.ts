import type { Logger, TimedTask } from '@sisy/core/internal'

/** Says that a row cannot be planned, and why; the row says so too. */
export function reportProblem(logger: Logger, { id, label }: TimedTask, problem: string): void {
  logger.error({ task: id }, `Task "${label}" (${id}) is left out until it is edited: ${problem}`)
}
