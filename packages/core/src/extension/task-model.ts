import type { JsonValue } from '../json/json-value.js'
import { enqueuingTogether } from '../store/enqueuing-together.js'
import { openStore } from '../store/open-store.js'
import type { RawClient } from '../store/database.js'
import type { Store } from '../store/store.js'
import type { IterationOptions, RunOptions, TaskOptions } from '../task/task-options.js'
import type { TaskRow } from '../task/task-row.js'
import { awaitResult } from './await-result.js'
import { checkResultOptions } from './call-options.js'
import type { TargetOptions } from './call-options.js'
import { cancelRuns } from './cancel-runs.js'
import { deleteTask, deleteTasks } from './delete-tasks.js'
import { enqueueRun, enqueueRuns } from './enqueue-runs.js'
import { cancelRun, retryRun, runTaskNow } from './run-actions.js'
import { scheduleIterations, scheduleTask } from './schedule-task.js'
import type { SisyRuntime } from './sisy-runtime.js'
import { statementClient } from './statement-client.js'
import type {
  CancelledRuns,
  EnqueuedRun,
  ResultOptions,
  RunsOf,
  TaskData,
  TaskWhere,
} from './task-methods.js'
import { taskValues } from './task-values.js'

/**
 * The methods the plugin adds to the task model, and those it replaces there. Prisma gives each its model as `this`,
 * by which it finds the transaction it is called in.
 */
export function taskModel(runtime: SisyRuntime) {
  const { provider, schema, base } = runtime
  const storeOn = (client: RawClient): Store =>
    openStore({ client, provider, schema, channels: runtime.channels() })
  let baseStore: Store | undefined
  const storeOf = (context: unknown): Store => {
    const client = statementClient(context, base)
    return client === base ? (baseStore ??= enqueuingTogether(storeOn(base))) : storeOn(client)
  }
  return {
    async schedule(
      this: unknown,
      target: unknown,
      options: TaskOptions & TargetOptions = {},
    ): Promise<TaskRow<JsonValue>> {
      return scheduleTask(runtime, storeOf(this), target, options)
    },

    withCallable(target: unknown, options: TaskOptions & TargetOptions = {}): TaskData {
      return taskValues(runtime, target, options)
    },

    async runOnce(
      this: unknown,
      target: unknown,
      options: RunOptions & TargetOptions = {},
    ): Promise<EnqueuedRun | null> {
      return enqueueRun(runtime, storeOf(this), target, options)
    },

    async runOnceMany(
      this: unknown,
      target: unknown,
      items: readonly (RunOptions & TargetOptions)[],
    ): Promise<(EnqueuedRun | null)[]> {
      return enqueueRuns(runtime, storeOf(this), target, items)
    },

    async runIterations(
      this: unknown,
      target: unknown,
      options: IterationOptions & TargetOptions = {},
    ): Promise<TaskRow<JsonValue>> {
      return scheduleIterations(runtime, storeOf(this), target, options)
    },

    async runNow(this: unknown, where: TaskWhere): Promise<EnqueuedRun> {
      return runTaskNow(runtime, storeOf(this), where)
    },

    async result(this: unknown, run: string | EnqueuedRun, options: ResultOptions = {}): Promise<JsonValue> {
      checkResultOptions(options)
      return awaitResult(storeOf(this), runtime.clock, runIdOf(run), options)
    },

    async cancel(
      this: unknown,
      which: string | EnqueuedRun | RunsOf | null,
    ): Promise<'cancelled' | 'requested' | 'ended' | CancelledRuns> {
      return typeof which === 'object' && which !== null && !('id' in which)
        ? cancelRuns(runtime, storeOf(this), which)
        : cancelRun(storeOf(this), runIdOf(which))
    },

    async retry(this: unknown, run: string | EnqueuedRun): Promise<EnqueuedRun> {
      return retryRun(storeOf(this), runIdOf(run))
    },

    // Prisma's own types stay: these two only do more.
    delete(this: unknown, args?: object) {
      return deleteTask(this, storeOf(this), args)
    },

    deleteMany(this: unknown, args?: object) {
      return deleteTasks(this, storeOf(this), args)
    },
  }
}

/** Of null too, which is what `runOnce()` resolves to when its key is held. */
function runIdOf(run: unknown): unknown {
  return typeof run === 'object' && run !== null && 'id' in run ? run.id : run
}
