import type { NextTime } from './cron-calendar.js'
import { dueInstants } from './due-instants.js'
import { jitterFraction } from './jitter.js'
import type { InstantsOf } from './instant-cache.js'
import type { PlannedTask } from './planned-task.js'
import { checkPlannedTask, planningProblem } from './planned-task.js'

export interface StampOptions {
  readonly now: Date
  /** The heartbeat's period, milliseconds: an older instant is missed, a nearer one to the last run is dropped. */
  readonly periodMs: number
  readonly instantsOf: InstantsOf
}

/** A run to be inserted. */
export interface StampedRun {
  /** The scheduled instant. */
  readonly instant: Date
  /** The instant, delayed by the task's jitter. */
  readonly dueAt: Date
}

/** The task's columns after a stamp. */
export interface TaskTiming {
  readonly nextRun: Date | null
  readonly lastRun: Date | null
  readonly iterations: number
  /** `now`, when the last iteration was taken or no instant is left before `endRunning`. */
  readonly endedAt: Date | null
  /** Why the row cannot be planned; it has no `nextRun` then. */
  readonly problem: string | null
}

export interface StampDecision {
  /** Oldest first; empty when every due instant is dropped. At most one when the task allows no overlap. */
  readonly runs: readonly StampedRun[]
  /** When its runs were inserted, or there were none. */
  readonly stamped: TaskTiming
  /** When the database refused the run because another is unfinished: the instant is skipped. */
  readonly skipped: TaskTiming
}

/** Decides what becomes of a task whose `nextRun` has come. */
export function stampDecision(task: PlannedTask, { now, periodMs, instantsOf }: StampOptions): StampDecision {
  const { lastRun, iterations } = task
  try {
    checkPlannedTask(task)
    const next = instantsOf(task.schedule, task.timezone)
    const due = dueInstants(task, next, now.getTime(), periodMs)
    const most = mostRuns(task)
    const instants = due.length > most ? due.slice(0, most) : due
    const newest = instants.at(-1)
    const lastInstant = newest ?? lastRun?.getTime() ?? -Infinity
    const left = due[instants.length] ?? next(Math.max(now.getTime(), lastInstant + periodMs - 1))
    const end = task.endRunning?.getTime() ?? Infinity
    const isOver = left >= end
    // Member by member here and below: copies would cost more than all else.
    const skipped: TaskTiming = {
      nextRun: isOver ? null : new Date(left),
      lastRun,
      iterations,
      endedAt: isOver ? now : null,
      problem: null,
    }
    return {
      runs: instants.map((instant) => ({ instant: new Date(instant), dueAt: dueAt(task, instant, next) })),
      stamped: newest === undefined ? skipped : counted(skipped, new Date(newest), instants.length, now),
      skipped,
    }
  } catch (error) {
    const timing = { nextRun: null, lastRun, iterations, endedAt: null, problem: planningProblem(error) }
    return { runs: [], stamped: timing, skipped: timing }
  }
}

function mostRuns({ allowOverlap, iterations }: PlannedTask): number {
  return Math.min(allowOverlap ? Infinity : 1, iterations === 0 ? Infinity : iterations)
}

/** Takes off iterations. The last one is left standing, since 0 would lift the limit if the task were ever edited. */
function counted(
  { nextRun, iterations, endedAt, problem }: TaskTiming,
  lastRun: Date,
  runs: number,
  now: Date,
): TaskTiming {
  if (iterations === 0) return { nextRun, lastRun, iterations, endedAt, problem }
  return iterations > runs
    ? { nextRun, lastRun, iterations: iterations - runs, endedAt, problem }
    : { nextRun: null, lastRun, iterations: 1, endedAt: now, problem }
}

/** Never before the instant, and always before the next one and the end. */
function dueAt(task: PlannedTask, instant: number, next: NextTime): Date {
  if (task.jitterSeconds === 0) return new Date(instant)
  const end = task.endRunning?.getTime() ?? Infinity
  const room = Math.min(task.jitterSeconds * 1000, next(instant) - instant, end - instant)
  return new Date(instant + Math.floor(jitterFraction(task.id, instant) * room))
}
