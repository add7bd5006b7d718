import type { JsonObject, JsonValue } from '../json/json-value.js'
import type { TransactionClient } from './transaction-client.js'

/**
 * The one argument of every callable.
 *
 * @typeParam Userdata what the task carries; checked wherever the task is scheduled or enqueued.
 */
export interface TaskContext<Userdata = JsonObject> {
  /** The task this run belongs to; its `id` is null for a one-shot and for a direct call. */
  readonly task: TaskHandle<Userdata>
  /** This run. */
  readonly message: RunMessage
  /**
   * Aborted when the run should end early: on timeout, cancel, shutdown and lost lease. Its `reason` is a
   * `RunTimeoutError`, `RunCancelledError`, `WorkerShutdownError` or `LeaseLostError`.
   */
  readonly signal: AbortSignal
}

/** The task as a callable sees it: the row as read when the attempt started. */
export interface TaskHandle<Userdata = JsonObject> {
  /** Id of the Task row; null for a one-shot, a direct call, or when the task was deleted meanwhile. */
  readonly id: string | null
  readonly key: string | null
  readonly label: string
  readonly callable: string
  readonly schedule: string | null
  readonly timezone: string | null
  /** Runs left to be stamped; 0 means no limit. */
  readonly iterations: number
  readonly startRunning: Date | null
  readonly endRunning: Date | null
  readonly lastRun: Date | null
  readonly nextRun: Date | null
  /** The app's own data; change it in place or assign to it, then `save()`. */
  userdata: Userdata
  /**
   * Writes `userdata` back: to the Task row, and to the run itself, so that a retried one-shot keeps its progress.
   * Under overlapping runs of one task the last write wins.
   *
   * @throws LeaseLostError when this worker no longer holds the run; nothing was written.
   * @throws NotSerialisableError when `userdata` holds something JSON would drop.
   */
  save(): Promise<void>
}

/** The run as a callable sees it. */
export interface RunMessage {
  /** Id of the TaskRun row; null for a direct call. */
  readonly runId: string | null
  /** 1 for the first try. */
  readonly attempt: number
  readonly maxAttempts: number
  /** The instant this run is for. */
  readonly dueAt: Date
  readonly queue: string
  readonly uniqueKey: string | null
  /**
   * Ends the run as succeeded inside a transaction of the callable's own: what that writes and the run's end are
   * committed together or not at all, so that an effect in this database happens exactly once.
   *
   * Call it last in the transaction, and return after it: once that is committed nothing the callable does, returns or
   * throws changes the run. If it is rolled back the run goes on, and what the callable throws is tried again. The
   * run's lease is not renewed while the transaction is open, so keep that shorter than half of `leaseSeconds`.
   *
   * ```ts
   * await prisma.$transaction(async (tx) => {
   *   await tx.account.update({ where: { id }, data: { balance: { increment: 10 } } })
   *   await message.complete(tx, { credited: 10 })
   * })
   * ```
   *
   * In a direct call there is no run: only the arguments are checked.
   *
   * @param tx the client of the interactive transaction, on the database that Sisy's tables are in.
   * @param result the run's result, JSON as the callable could return it. Default: null.
   * @throws LeaseLostError when this worker no longer holds the run, or it was completed before; let it pass, so that
   *   the transaction is rolled back.
   * @throws InvalidTaskError when `tx` is no interactive transaction.
   * @throws NotSerialisableError, TypeError or RangeError when `result` cannot be stored.
   */
  complete(tx: TransactionClient, result?: unknown): Promise<void>
}

/** What may be registered: a function of one context. It may return JSON, which becomes the run's result. */
export type Callable<Userdata = never, Result = unknown> = (context: TaskContext<Userdata>) => Result

/** What a callable returns may be any of these, or a promise of it; `undefined` is stored as null. */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- what a function without `return` gives
export type CallableResult = JsonValue | undefined | void
