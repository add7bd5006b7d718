import { InvalidTaskError } from '../errors/errors.js'
import type { JsonValue } from '../json/json-value.js'
import { everyHeartbeat } from '../schedule/every-heartbeat.js'
import { firstRun } from '../schedule/first-run.js'
import type { NewTask, Store } from '../store/store.js'
import type { IterationOptions, TaskOptions } from '../task/task-options.js'
import type { TaskRow } from '../task/task-row.js'
import { checkIterationOptions, type TargetOptions } from './call-options.js'
import { readDelay } from './run-values.js'
import type { SisyRuntime } from './sisy-runtime.js'
import { newTask } from './task-values.js'

/** Writes a task with its first instant, planned by the database's clock. */
export async function scheduleTask(
  runtime: SisyRuntime,
  store: Store,
  target: unknown,
  options: TaskOptions & TargetOptions,
): Promise<TaskRow<JsonValue>> {
  const task = newTask(runtime, target, options)
  return store.writeTask(planned(runtime, task, await store.now()))
}

/** Writes a task that is deleted after its iterations. */
export async function scheduleIterations(
  runtime: SisyRuntime,
  store: Store,
  target: unknown,
  options: IterationOptions & TargetOptions,
): Promise<TaskRow<JsonValue>> {
  checkIterationOptions(options)
  const { runImmediately, delayUntil, iterations = 1, schedule = everyHeartbeat, ...others } = options
  if (iterations === 0) {
    const mend = 'give at least 1, or use schedule() for a task without a limit'
    throw new InvalidTaskError(`iterations is 0; ${mend}.`, { field: 'iterations', value: 0 })
  }
  const task = newTask(runtime, target, {
    ...others,
    iterations,
    schedule,
    ...(runImmediately !== undefined && { waitForSchedule: !runImmediately }),
    ...(delayUntil !== undefined && { startRunning: delayUntil }),
  })
  const now = await store.now()
  if (delayUntil !== undefined) readDelay(delayUntil, now)
  return store.writeTask(planned(runtime, task, now))
}

// A task without an instant left is written all the same: the heartbeat marks it as ended, and reaps it.
function planned({ instantsOf }: SisyRuntime, task: Omit<NewTask, 'nextRun'>, now: Date): NewTask {
  const row = { ...task, id: '', enabled: task.enabled ?? true, lastRun: null, nextRun: null }
  const { nextRun } = firstRun(row, { now, from: now, instantsOf })
  return { ...task, nextRun }
}
