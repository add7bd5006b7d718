import type { StartedTask } from '@sisy/core/internal'
import type { Attempt } from '../execution/execute-attempt.js'

/** An attempt as plain JSON, which crosses to a child fastest: dates are milliseconds since 1970. */
export interface AttemptMessage {
  readonly run: Omit<Attempt['run'], 'dueAt'> & { readonly dueAt: number }
  readonly leaseToken: string
  readonly task: (Omit<StartedTask, TaskDate> & Readonly<Record<TaskDate, number | null>>) | null
}

type TaskDate = 'startRunning' | 'endRunning' | 'lastRun' | 'nextRun'

export function toAttemptMessage({ run, leaseToken, task }: Attempt): AttemptMessage {
  return {
    run: { ...run, dueAt: run.dueAt.getTime() },
    leaseToken,
    task: task === null ? null : toTaskMessage(task),
  }
}

export function fromAttemptMessage({ run, leaseToken, task }: AttemptMessage): Attempt {
  return {
    run: { ...run, dueAt: new Date(run.dueAt) },
    leaseToken,
    task: task === null ? null : fromTaskMessage(task),
  }
}

/** Only what user code is told of the task. */
function toTaskMessage(task: StartedTask): NonNullable<AttemptMessage['task']> {
  const { id, key, label, schedule, timezone, iterations, userdata } = task
  return {
    ...{ id, key, label, schedule, timezone, iterations, userdata },
    startRunning: ms(task.startRunning),
    endRunning: ms(task.endRunning),
    lastRun: ms(task.lastRun),
    nextRun: ms(task.nextRun),
  }
}

function fromTaskMessage(task: NonNullable<AttemptMessage['task']>): StartedTask {
  return {
    ...task,
    startRunning: date(task.startRunning),
    endRunning: date(task.endRunning),
    lastRun: date(task.lastRun),
    nextRun: date(task.nextRun),
  }
}

function ms(instant: Date | null): number | null {
  return instant === null ? null : instant.getTime()
}

function date(instant: number | null): Date | null {
  return instant === null ? null : new Date(instant)
}
