import type { JsonObject, JsonValue } from '../json/json-value.js'
import type { AttemptEntry } from '../run/outcome.js'
import type { LostRun, NewRun, RunState, StartedRun } from '../run/run-row.js'
import type { Transition } from '../run/decide-transition.js'
import type { FirstRun } from '../schedule/first-run.js'
import type { PlannedTask } from '../schedule/planned-task.js'
import type { TaskTiming } from '../schedule/stamp-decision.js'
import type { Misfire } from '../task/task-options.js'
import type { TaskRow } from '../task/task-row.js'
import type { Claim, ClaimRequest } from './claim.js'

/** A task to be written; what is absent takes the column's default. */
export interface NewTask {
  readonly key: string | null
  readonly label: string
  readonly callable: string
  readonly modelName: string | null
  readonly modelKey: JsonObject | null
  /** Absent on a task that exists: kept. */
  readonly userdata?: JsonValue
  readonly schedule: string
  readonly timezone: string
  /** Absent on a task that exists: kept, so a deployment does not resume what an operator paused. */
  readonly enabled?: boolean
  readonly startRunning: Date | null
  readonly endRunning: Date | null
  readonly waitForSchedule: boolean
  /** On a task that exists it is written only when the timing changes, so a deployment does not refill it. */
  readonly iterations: number
  readonly allowOverlap: boolean
  readonly misfire: Misfire
  readonly misfireWindow: number | null
  readonly misfireLimit: number
  readonly jitterSeconds: number
  readonly queue: string
  readonly priority: number
  readonly maxAttempts: number
  readonly backoff: JsonObject | null
  readonly timeoutSeconds: number | null
  readonly onMissingRecord: 'fail' | 'delete'
  /** First instant; null leaves planning to the heartbeat. Kept on a task whose timing is unchanged. */
  readonly nextRun: Date | null
}

export interface WrittenRun {
  readonly id: string
  readonly state: 'due' | 'scheduled'
  readonly dueAt: Date
}

/** Names one task. */
export type TaskKey = { readonly id: string } | { readonly key: string }

/** Names unfinished runs: those for which all members that are given hold; at least one is. */
export interface RunsWhere {
  readonly taskId?: string
  /** The key of their task. */
  readonly key?: string
  /** The unique key they hold. */
  readonly uniqueKey?: string
  readonly callable?: string
  readonly modelKey?: JsonObject
  readonly queue?: string
  readonly label?: string
}

/** How a run stands, for somebody who waits for it. */
export interface RunStatus {
  readonly id: string
  readonly state: RunState
  readonly attempt: number
  readonly result: JsonValue
  /** The newest entry of the attempt log. */
  readonly lastEntry: AttemptEntry | null
  /** It was written in the caller's own transaction, so that nobody else sees it yet. */
  readonly uncommitted: boolean
}

/** What the heartbeat reads of a task: nothing of the app's own data, which may be of any size. */
export type TimedTask = PlannedTask &
  Pick<TaskRow, 'label'> & {
    /** Differs from that of the same row before and after any change, whoever makes it. */
    readonly version: string
  }

/** How many tasks to read, and the ids of those that are left out. */
type SomeTasks = { readonly limit: number; readonly except: Iterable<string> }

/** One task's share of a stamp. The row must be unchanged since it was read, else it is left for the next tick. */
export interface Stamp {
  readonly read: TimedTask
  /** Runs to insert; `id` is a UUID version 7. */
  readonly runs: readonly { readonly id: string; readonly dueAt: Date }[]
  /** The task's columns when at least one run was inserted, or none was wanted. */
  readonly stamped: TaskTiming
  /** Those that change when the database refused the run because one is unfinished. */
  readonly skipped: Pick<TaskTiming, 'nextRun' | 'endedAt'>
}

/** A first instant for a task that had none; the row must be unchanged since it was read. */
export interface Plan extends FirstRun {
  readonly read: TimedTask
}

/** Names one claim of one run. */
export interface Lease {
  readonly id: string
  readonly leaseToken: string
}

/** A lease that still holds. */
export interface RenewedLease {
  readonly id: string
  /** Somebody asked to cancel the run. */
  readonly cancelRequested: boolean
  /** False when another transaction holds the row: the lease ends when it did before. */
  readonly renewed: boolean
}

/** What a renewal tells. */
export interface Renewal {
  /** The database's clock. */
  readonly now: Date
  /** The leases that still hold; the others are lost. */
  readonly leases: readonly RenewedLease[]
}

/** The start of an attempt. */
export interface Start extends Lease {
  readonly startedAt: Date
}

/** The end of an attempt, by its holder. */
export interface Finish extends Lease {
  /** When user code began; null, or left out, leaves what is known. */
  readonly startedAt?: Date | null
  readonly transition: Transition
}

/** The end of a lost attempt. The row must still bear what was read of its lease. */
export interface Rescue extends Pick<LostRun, 'id' | 'leaseToken' | 'leaseUntil'> {
  readonly transition: Transition
}

/**
 * What became of an end: the state that the run has now, which an end before this one, or a cancel meanwhile, may have
 * given it. `held` when another transaction holds the row: nothing was written, try again. `lost` when the lease is:
 * nothing was written, and never will be.
 */
export type FinishReply = Transition['state'] | 'held' | 'lost'

/** What is coming, and the database's clock. */
export interface LookAhead {
  readonly now: Date
  /** Queues that hold due runs. */
  readonly dueQueues: readonly string[]
  /** The nearest `scheduled` run; null if there is none. */
  readonly nextScheduled: Date | null
  /** The nearest `nextRun` of an enabled task; null if there is none. */
  readonly nextTask: Date | null
  /** Whether enabled tasks wait to be planned. */
  readonly unplanned: boolean
  /** Whether disabled tasks still have a `nextRun`. */
  readonly paused: boolean
  /** Whether ended tasks wait to be deleted. */
  readonly ended: boolean
  /** When the nearest lease of a running run ends; null if none runs. */
  readonly nextLeaseEnd: Date | null
  /** Whether runs are in a state there is not, as plain SQL can write it. */
  readonly strange: boolean
}

/** A run that was ended for its state. */
export interface StrangeRun {
  readonly id: string
  readonly label: string
  /** A sentence, which its attempt log has too. */
  readonly reason: string
}

export interface WorkerRow {
  readonly id: string
  readonly host: string
  readonly pid: number
  readonly concurrency: number
}

/**
 * Every statement Sisy sends, for one database. Nothing outside `store/` is database-aware.
 * `now` is the caller's time; where it may be left out the database's own clock serves.
 */
export interface Store {
  /** The database's own clock. */
  now(): Promise<Date>
  /** How many connections the database server allows, to all its clients together. */
  connectionLimit(): Promise<number>

  // The app's side
  /** Inserts a task, or with a `key` that exists updates that row, in one statement. */
  writeTask(task: NewTask): Promise<TaskRow<JsonValue>>
  /** Deletes tasks and cancels their due and scheduled runs, in one statement. @returns how many tasks. */
  deleteTasks(ids: readonly string[]): Promise<number>
  /** Inserts runs; an entry is null where an unfinished run holds its unique key. */
  enqueueRuns(runs: readonly NewRun[]): Promise<(WrittenRun | null)[]>
  /** Enqueues a run of a task at once. `activeKey` is the one another unfinished run holds. */
  runTask(
    where: TaskKey,
    runId: string,
  ): Promise<
    WrittenRun | { readonly refused: 'missing' } | { readonly refused: 'active'; readonly activeKey: string }
  >
  /** Cancels a run that has not begun, or asks the holder of a running one to end it. */
  cancelRun(id: string): Promise<'cancelled' | 'requested' | 'ended' | 'missing'>
  /**
   * As `cancelRun` for a number of unfinished runs; those that were asked to end before are left alone.
   *
   * @returns whether there may be more.
   */
  cancelRuns(
    where: RunsWhere,
    limit: number,
  ): Promise<{ readonly cancelled: number; readonly requested: number; readonly more: boolean }>
  /** Makes an ended run due again. `activeKey` is the one another unfinished run holds. */
  retryRun(
    id: string,
  ): Promise<
    | WrittenRun
    | { readonly refused: 'missing' }
    | { readonly refused: 'unfinished'; readonly state: RunState }
    | { readonly refused: 'active'; readonly activeKey: string }
  >
  readRun(id: string): Promise<RunStatus | null>

  // The heartbeat's side
  lookAhead(): Promise<LookAhead>
  /** Tasks to be stamped, the longest due first, except those of some ids. */
  readDueTasks(now: Date, which: SomeTasks): Promise<TimedTask[]>
  /** @returns the ids of the tasks that were advanced, and how many runs were inserted. */
  stampTasks(
    now: Date,
    stamps: readonly Stamp[],
  ): Promise<{ readonly tasks: readonly string[]; readonly runs: number }>
  readUnplannedTasks(which: SomeTasks): Promise<(TimedTask & Pick<TaskRow, 'modifiedAt'>)[]>
  /** @returns how many tasks were planned. */
  planTasks(plans: readonly Plan[]): Promise<number>
  /** Takes `nextRun` from disabled tasks. @returns how many. */
  unplanDisabledTasks(): Promise<number>
  /** `scheduled` runs whose time has come become `due`. @returns how many. */
  promoteRuns(now: Date, limit: number): Promise<number>
  readLostRuns(now: Date, limit: number): Promise<LostRun[]>
  /** Ends runs in a state there is not. */
  endStrangeRuns(now: Date, limit: number): Promise<StrangeRun[]>
  /** Deletes ended tasks without unfinished runs. @returns how many. */
  reapTasks(limit: number): Promise<number>
  /** Deletes old history, oldest first. @returns how many. */
  pruneRuns(before: { readonly succeeded: Date; readonly failed: Date }, limit: number): Promise<number>
  /** Deletes workers last seen before an instant. @returns how many. */
  pruneWorkers(before: Date): Promise<number>

  // The worker's side
  claimRuns(now: Date, request: ClaimRequest): Promise<Claim>
  /**
   * Gives back a claim of which nothing has begun, since the reply to it was lost. What another transaction holds, and a
   * claim that is still under way, is not found.
   *
   * @returns how many runs.
   */
  releaseClaim(leaseToken: string): Promise<number>
  /** Marks when user code begins. @returns the marked runs; the others are lost, or held by another transaction. */
  startRuns(starts: readonly Start[]): Promise<StartedRun[]>
  /** Moves the end of leases to `leaseMs` from `now`, in milliseconds; never to an earlier moment. */
  renewLeases(now: Date, leaseMs: number, leases: readonly Lease[]): Promise<Renewal>
  /** Ends attempts; one that has ended stays as it is. @returns what became of each, in the order given. */
  finishRuns(now: Date, finishes: readonly (Finish | Rescue)[]): Promise<FinishReply[]>
  /** Ends a run as succeeded, in its callable's own transaction. @returns false when the lease was lost. */
  completeRun(lease: Lease, result: JsonValue): Promise<boolean>
  /** Writes userdata to the run and its task, if the lease still holds. @returns whether it did. */
  saveUserdata(lease: Lease, userdata: JsonValue): Promise<boolean>
  /** Callables of due runs that are not among these, a few of the first. */
  listUnknownCallables(queues: readonly string[], known: readonly string[]): Promise<string[]>
  /** Workers that did not end in order and were seen since an instant. */
  listLiveWorkers(since: Date): Promise<WorkerRow[]>
  registerWorker(now: Date, worker: WorkerRow): Promise<void>
  touchWorker(now: Date, id: string, metrics: JsonObject): Promise<void>
  stopWorker(now: Date, id: string, metrics: JsonObject): Promise<void>
}
