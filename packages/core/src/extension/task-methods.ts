import type { JsonObject, JsonValue } from '../json/json-value.js'
import type { TaskKey } from '../store/store.js'
import type { IterationOptions, Misfire, RunOptions, TaskOptions } from '../task/task-options.js'
import type { TaskRow } from '../task/task-row.js'
import type {
  CheckedTarget,
  FunctionPathOf,
  MethodPathOf,
  Nothing,
  RecordOption,
  TargetOf,
  TargetResult,
  TargetUserdata,
  UserdataOption,
} from './registered.js'

declare const resultType: unique symbol

/** A run that was just enqueued. */
export interface EnqueuedRun<Result = unknown> {
  readonly id: string
  readonly state: 'due' | 'scheduled'
  readonly dueAt: Date
  readonly [resultType]?: Result
}

/** How long to wait for a result. */
export interface ResultOptions {
  /** Ends the waiting; the run itself goes on. Default: wait until the run has ended. */
  readonly signal?: AbortSignal
}

/** Names one task: by its id, or by the `key` it was scheduled with. */
export type TaskWhere = TaskKey

/** Names the unfinished runs to cancel: those for which all that is given holds. At least one member must be given. */
export interface RunsOf<Path = string> {
  /** The id of their task. */
  readonly taskId?: string
  /** The `key` their task was scheduled with. */
  readonly key?: string
  /** The unique key they were enqueued with. */
  readonly uniqueKey?: string
  /** Path of what they call. */
  readonly callable?: Path
  readonly queue?: string
  readonly label?: string
}

/** How many runs were cancelled. */
export interface CancelledRuns {
  /** Runs that had not begun, cancelled for good. */
  readonly cancelled: number
  /** Running runs that were asked to end, and had not been before. */
  readonly requested: number
}

/** Options that carry what the target itself asks for may be left out as a whole when nothing is required. */
type Arguments<Options> = Nothing extends Options ? [options?: Options] : [options: Options]

type With<Reg, Target, Options> = Options &
  UserdataOption<TargetUserdata<Reg, Target>> &
  RecordOption<Reg, Target>

/** Without a unique key a run is always enqueued. */
type WithoutKey = Omit<RunOptions, 'uniqueKey'> & { readonly uniqueKey?: never }

/** The row of a task before it is written: what `create({ data })` takes. */
export interface TaskData {
  label: string
  callable: string
  modelName?: string
  modelKey?: JsonObject
  userdata?: JsonObject
  key?: string
  schedule?: string
  timezone?: string
  enabled?: boolean
  startRunning?: Date
  endRunning?: Date
  waitForSchedule?: boolean
  iterations?: number
  allowOverlap?: boolean
  misfire?: Misfire
  misfireWindow?: number
  misfireLimit?: number
  jitterSeconds?: number
  queue?: string
  priority?: number
  maxAttempts?: number
  backoff?: JsonObject
  timeoutSeconds?: number
  onMissingRecord?: 'fail' | 'delete'
}

/** What the plugin adds to `prisma.task`. Inside `$transaction(async (tx) => …)` all of it is part of the transaction. */
export interface TaskMethods<Reg> {
  /**
   * Creates a task, or with a `key` that exists updates it.
   *
   * @throws InvalidScheduleError, InvalidTimezoneError, InvalidTaskError, NotSerialisableError for a bad option.
   * @throws UnknownCallableError, AmbiguousCallableError when the callable is not registered, or twice.
   */
  schedule<const Target extends TargetOf<Reg>>(
    callable: CheckedTarget<Reg, Target> & Target,
    ...options: Arguments<With<Reg, Target, TaskOptions>>
  ): Promise<TaskRow<TargetUserdata<Reg, Target>>>

  /**
   * The data of a task's row, for `create`, `createMany`, nested writes and seeds. Writes nothing.
   *
   * @throws as `schedule()` does.
   */
  withCallable<const Target extends TargetOf<Reg>>(
    callable: CheckedTarget<Reg, Target> & Target,
    ...options: Arguments<With<Reg, Target, TaskOptions>>
  ): TaskData

  /**
   * Enqueues one run, now or at `delayUntil`.
   *
   * @returns null when an unfinished run already holds `uniqueKey`; nothing was written then, and a transaction goes on.
   */
  runOnce<const Target extends TargetOf<Reg>>(
    callable: CheckedTarget<Reg, Target> & Target,
    ...options: Arguments<With<Reg, Target, WithoutKey>>
  ): Promise<EnqueuedRun<TargetResult<Reg, Target>>>
  runOnce<const Target extends TargetOf<Reg>>(
    callable: CheckedTarget<Reg, Target> & Target,
    ...options: Arguments<With<Reg, Target, RunOptions>>
  ): Promise<EnqueuedRun<TargetResult<Reg, Target>> | null>

  /**
   * Enqueues many runs of one callable, in as few statements as their size allows; none when an item is not accepted.
   *
   * @returns one entry per item, in their order; null where an unfinished run already holds its `uniqueKey`.
   * @throws InvalidTaskError, NotSerialisableError, InvalidRecordKeyError for a bad item; `facts.item` is its index.
   */
  runOnceMany<const Target extends TargetOf<Reg>>(
    callable: CheckedTarget<Reg, Target> & Target,
    items: readonly With<Reg, Target, WithoutKey>[],
  ): Promise<EnqueuedRun<TargetResult<Reg, Target>>[]>
  runOnceMany<const Target extends TargetOf<Reg>>(
    callable: CheckedTarget<Reg, Target> & Target,
    items: readonly With<Reg, Target, RunOptions>[],
  ): Promise<(EnqueuedRun<TargetResult<Reg, Target>> | null)[]>

  /** Creates a task that is deleted after a number of runs. The default schedule is as fast as the heartbeat allows. */
  runIterations<const Target extends TargetOf<Reg>>(
    callable: CheckedTarget<Reg, Target> & Target,
    ...options: Arguments<With<Reg, Target, IterationOptions>>
  ): Promise<TaskRow<TargetUserdata<Reg, Target>>>

  /**
   * Enqueues a run of a task at once, whatever its schedule; it counts as no iteration and leaves `nextRun` alone.
   *
   * @throws NotFoundError when there is no such task.
   * @throws RunAlreadyActive when the task allows no overlap and has an unfinished run.
   */
  runNow(where: TaskWhere): Promise<EnqueuedRun>

  /**
   * Waits until a run has ended and returns what its callable returned.
   *
   * @throws RunFailedError when it failed or was cancelled.
   * @throws NotFoundError when there is no such run, or it was pruned; RunStateError when it was enqueued in the same
   *   transaction, which nobody sees before the commit.
   */
  result<Result = JsonValue>(run: string | EnqueuedRun<Result>, options?: ResultOptions): Promise<Result>

  /**
   * Stops a run. One that has not begun is cancelled for good; a running one is asked to end, its `signal` is aborted.
   *
   * @returns `cancelled`, or `requested` for a running run, or `ended` when there was nothing to stop any more.
   * @throws NotFoundError when there is no such run.
   */
  cancel(run: string | EnqueuedRun): Promise<'cancelled' | 'requested' | 'ended'>

  /**
   * Stops all unfinished runs of a task, with a unique key, of a callable (with `record`, a method of that one record),
   * in a queue or with a label; several together narrow it down. More than a thousand take several statements, which
   * hold or fail together only inside a transaction.
   *
   * @throws InvalidTaskError when nothing is given, and for a member that is unknown, undefined or not accepted.
   * @throws UnknownCallableError for a path that is not registered, InvalidRecordKeyError for a bad `record`.
   */
  cancel<const Path extends FunctionPathOf<Reg> | MethodPathOf<Reg>>(
    where: RunsOf<Path> & Partial<RecordOption<Reg, Path>>,
  ): Promise<CancelledRuns>

  /**
   * Makes an ended run due again, with all its attempts.
   *
   * @throws NotFoundError when there is no such run; RunStateError when it has not ended.
   * @throws RunAlreadyActive when another unfinished run holds its key.
   */
  retry(run: string | EnqueuedRun): Promise<EnqueuedRun>
}
