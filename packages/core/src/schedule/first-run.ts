import type { InstantsOf } from './instant-cache.js'
import type { PlannedTask } from './planned-task.js'
import { checkPlannedTask, planningProblem, startsAtOnce } from './planned-task.js'

export interface FirstRunOptions {
  readonly now: Date
  /** The schedule is searched after this instant; a task that starts at once starts at `now` all the same. */
  readonly from: Date
  readonly instantsOf: InstantsOf
}

/** The columns of a task that was planned: `nextRun`, or why there is none. A disabled task has none of them. */
export interface FirstRun {
  readonly nextRun: Date | null
  /** `now`, when no instant is left before `endRunning`. */
  readonly endedAt: Date | null
  /** Why the row cannot be planned. */
  readonly problem: string | null
}

/** Plans a task that has no next run: a new one, or one whose timing was edited. */
export function firstRun(task: PlannedTask, { now, from, instantsOf }: FirstRunOptions): FirstRun {
  const columns: FirstRun = { nextRun: null, endedAt: null, problem: null }
  if (!task.enabled) return columns
  try {
    checkPlannedTask(task)
    const start = task.startRunning?.getTime() ?? -Infinity
    const after = Math.max(from.getTime(), task.lastRun?.getTime() ?? -Infinity, start - 1)
    // Also for a task that starts at once, so that a schedule that cannot be read is told.
    const scheduled = instantsOf(task.schedule, task.timezone)(after)
    const nextRun = startsAtOnce(task) ? Math.max(now.getTime(), start) : scheduled
    const isOver = nextRun === Infinity || nextRun >= (task.endRunning?.getTime() ?? Infinity)
    return isOver ? { ...columns, endedAt: now } : { ...columns, nextRun: new Date(nextRun) }
  } catch (error) {
    return { ...columns, problem: planningProblem(error) }
  }
}
