import type { NewTask } from '../store/store.js'
import { readDate } from '../task/read-date.js'
import type { TaskOptions } from '../task/task-options.js'
import { checkTaskOptions, type TargetOptions } from './call-options.js'
import { defined } from '../json/defined.js'
import { resolveTarget } from './resolve-target.js'
import type { SisyRuntime } from './sisy-runtime.js'
import type { TaskData } from './task-methods.js'

/** What a run gets that says nothing. */
export const executionDefaults = {
  queue: 'default',
  priority: 0,
  maxAttempts: 5,
  backoff: null,
  timeoutSeconds: null,
}

const taskDefaults = {
  ...executionDefaults,
  key: null,
  modelName: null,
  modelKey: null,
  startRunning: null,
  endRunning: null,
  waitForSchedule: true,
  iterations: 0,
  allowOverlap: true,
  misfire: 'once',
  misfireWindow: null,
  misfireLimit: 100,
  jitterSeconds: 0,
  onMissingRecord: 'fail',
} as const

/** A task to be written, but for its first instant. @throws as `schedule()` does. */
export function newTask(
  runtime: SisyRuntime,
  target: unknown,
  options: TaskOptions & TargetOptions,
): Omit<NewTask, 'nextRun'> {
  return { ...taskDefaults, ...taskValues(runtime, target, options) }
}

/** The columns a call gives; what is absent takes the column's default. @throws as `schedule()` does. */
export function taskValues(
  runtime: SisyRuntime,
  target: unknown,
  options: TaskOptions & TargetOptions,
): TaskData & Pick<NewTask, 'schedule' | 'timezone'> {
  checkTaskOptions(options)
  const { record, startRunning, endRunning, backoff, ...plain } = defined(options)
  const { callable, modelName, modelKey } = resolveTarget(runtime, target, record)
  return {
    label: callable,
    schedule: runtime.defaults.schedule(),
    timezone: runtime.defaults.timezone(),
    ...plain,
    callable,
    ...(modelName !== null && { modelName }),
    ...(modelKey !== null && { modelKey }),
    ...(startRunning !== undefined && { startRunning: readDate(startRunning, 'startRunning') }),
    ...(endRunning !== undefined && { endRunning: readDate(endRunning, 'endRunning') }),
    ...(backoff !== undefined && { backoff: defined({ ...backoff }) }),
  }
}
