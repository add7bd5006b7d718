import type { NextTime } from './cron-calendar.js'
import { MAX_MISFIRE_LIMIT } from '../task/task-field-rules.js'
import { latestBefore } from './latest-before.js'
import type { PlannedTask } from './planned-task.js'
import { startsAtOnce } from './planned-task.js'

/**
 * The instants for which a task whose `nextRun` has come is to run now, oldest first: those it makes up for, then
 * those that are on time. An instant is missed when it is more than one period old. Times are milliseconds. There may
 * be more of them than the task has iterations.
 */
export function dueInstants(task: PlannedTask, next: NextTime, now: number, periodMs: number): number[] {
  const onTimeFrom = now - periodMs
  const end = task.endRunning?.getTime() ?? Infinity
  const first = firstDue(task, next, periodMs)
  if (first > now) return []
  if (startsAtOnce(task)) return [first < onTimeFrom ? now : first].filter((instant) => instant < end)

  const missed = now < end ? madeUp(task, next, first, now, periodMs) : []
  const last = missed.at(-1)
  const onTime: number[] = []
  let instant = first
  if (last !== undefined) instant = next(Math.max(onTimeFrom, last + periodMs) - 1)
  else if (first < onTimeFrom) instant = next(onTimeFrom - 1)
  while (instant <= now && instant < end) {
    onTime.push(instant)
    instant = next(instant + periodMs - 1)
  }
  return [...missed, ...onTime]
}

/** `nextRun`, unless it lies nearer than one period to the last run. */
function firstDue(task: PlannedTask, next: NextTime, periodMs: number): number {
  const planned = task.nextRun?.getTime() ?? Infinity
  const earliest = task.lastRun === null ? -Infinity : task.lastRun.getTime() + periodMs
  return planned >= earliest ? planned : next(earliest - 1)
}

/** The missed instants that are made up for, by the task's `misfire`, `misfireWindow` and `misfireLimit`. */
function madeUp(task: PlannedTask, next: NextTime, first: number, now: number, periodMs: number): number[] {
  if (task.misfire === 'skip') return []
  const onTimeFrom = now - periodMs
  const windowStart = task.misfireWindow === null ? -Infinity : now - task.misfireWindow * 1000
  const oldest = first >= windowStart ? first : next(windowStart - 1)
  if (oldest >= onTimeFrom) return []
  if (task.misfire === 'once') return [latestBefore(next, oldest, onTimeFrom, periodMs)]

  const limit = Math.min(task.misfireLimit, task.iterations || Infinity, MAX_MISFIRE_LIMIT)
  const instants: number[] = []
  let instant = oldest
  while (instant < onTimeFrom && instants.length < limit) {
    instants.push(instant)
    instant = next(instant + periodMs - 1)
  }
  return instants
}
