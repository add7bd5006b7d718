import { oneLine, type Logger, type TimedTask } from '@sisy/core/internal'

/** Tasks kept in mind; past that all are forgotten, and told of once more. */
const mostTasks = 10_000

/** Says that the database does not take what is to be written to a task; once for each task and reason. */
export type ReportRefused = (task: TimedTask, error: unknown) => void

export function createRefusedReporter(logger: Logger): ReportRefused {
  const told = new Map<string, string>()
  return ({ id, label }, error) => {
    const reason = oneLine(error).replace(/\.$/, '')
    if (told.get(id) === reason) return
    if (told.size >= mostTasks) told.clear()
    told.set(id, reason)
    logger.error(
      { err: error, task: id },
      `Task "${label}" (${id}) could not be written: ${reason}. Others go on without it; it is tried again at each tick.`,
    )
  }
}
