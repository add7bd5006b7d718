import type { JsonObject, JsonValue } from '../json/json-value.js'
import type { TaskRow } from '../task/task-row.js'

export type RunState = 'scheduled' | 'due' | 'running' | 'succeeded' | 'failed' | 'cancelled'

/** A run as its worker claimed it. */
export interface ClaimedRun {
  readonly id: string
  readonly taskId: string | null
  readonly label: string
  readonly callable: string
  readonly modelName: string | null
  readonly modelKey: JsonObject | null
  /** Null when it is too large to be fetched. */
  readonly userdata: JsonValue
  /** Bytes of `userdata` that is too large to be fetched, else null. */
  readonly oversize: number | null
  readonly queue: string
  readonly dueAt: Date
  /** Whether this is not its first claim: a worker may have died with it. */
  readonly claimedBefore: boolean
  /** 1-based; this try included. */
  readonly attempt: number
  readonly maxAttempts: number
  readonly backoff: JsonObject | null
  readonly timeoutSeconds: number | null
  readonly onMissingRecord: string
  readonly uniqueKey: string | null
}

/** What user code is told of its task. */
export type StartedTask = Pick<
  TaskRow<JsonValue>,
  | 'id'
  | 'key'
  | 'label'
  | 'schedule'
  | 'timezone'
  | 'iterations'
  | 'startRunning'
  | 'endRunning'
  | 'lastRun'
  | 'nextRun'
  | 'userdata'
>

/** What a run begins with: its Task row (null for a one-shot or a deleted task), and whether to go on at all. */
export interface StartedRun {
  readonly id: string
  readonly task: StartedTask | null
  /** Bytes of the task's userdata that is too large to be fetched, else null. */
  readonly oversize: number | null
  readonly cancelRequested: boolean
}

/** A running run whose lease is over, or that plain SQL left without one. */
export interface LostRun {
  readonly id: string
  readonly leaseToken: string | null
  readonly leaseUntil: Date | null
  readonly label: string
  readonly callable: string
  readonly taskId: string | null
  readonly queue: string
  readonly attempt: number
  readonly maxAttempts: number
  readonly workerId: string | null
  readonly startedAt: Date | null
  readonly cancelRequested: boolean
}

/** One execution to be enqueued. */
export interface NewRun {
  /** UUID version 7. */
  readonly id: string
  readonly label: string
  readonly callable: string
  readonly modelName: string | null
  readonly modelKey: JsonObject | null
  readonly userdata: JsonValue
  readonly queue: string
  readonly priority: number
  readonly maxAttempts: number
  readonly backoff: JsonObject | null
  readonly timeoutSeconds: number | null
  /** Null means now, by the database's clock. */
  readonly dueAt: Date | null
  readonly uniqueKey: string | null
}
