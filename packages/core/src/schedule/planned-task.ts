import type { TaskRow } from '../task/task-row.js'
import { checkTaskFields } from '../task/check-task-fields.js'
import { readDate } from '../task/read-date.js'
import { InvalidScheduleError, InvalidTaskError, InvalidTimezoneError } from '../errors/errors.js'

/** The columns of a task that decide when it runs. */
export type PlannedTask = Pick<
  TaskRow,
  | 'id'
  | 'schedule'
  | 'timezone'
  | 'enabled'
  | 'startRunning'
  | 'endRunning'
  | 'waitForSchedule'
  | 'iterations'
  | 'allowOverlap'
  | 'misfire'
  | 'misfireWindow'
  | 'misfireLimit'
  | 'jitterSeconds'
  | 'queue'
  | 'lastRun'
  | 'nextRun'
>

/**
 * Checks what plain SQL may have written into a row; its schedule and zone are checked where they are used.
 *
 * @throws {InvalidTaskError} naming the column.
 */
export function checkPlannedTask(task: PlannedTask): void {
  const {
    startRunning,
    endRunning,
    iterations,
    allowOverlap,
    misfire,
    misfireWindow,
    misfireLimit,
    jitterSeconds,
    queue,
    lastRun,
    nextRun,
  } = task
  checkTaskFields({
    startRunning,
    endRunning,
    iterations,
    allowOverlap,
    misfire,
    misfireWindow,
    misfireLimit,
    jitterSeconds,
    queue,
  })
  if (lastRun !== null) readDate(lastRun, 'lastRun')
  if (nextRun !== null) readDate(nextRun, 'nextRun')
}

/** The row's `problem`, when the error is about what the row says; any other error is thrown on. */
export function planningProblem(error: unknown): string {
  const aboutRow =
    error instanceof InvalidScheduleError ||
    error instanceof InvalidTimezoneError ||
    error instanceof InvalidTaskError
  if (!aboutRow) throw error
  return error.message
}

/** True while the first run is still to come at once, whatever the schedule says. */
export function startsAtOnce(task: PlannedTask): boolean {
  return !task.waitForSchedule && task.lastRun === null
}
