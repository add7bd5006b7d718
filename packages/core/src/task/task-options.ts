/** What becomes of instants missed while no heartbeat ran. */
export type Misfire = 'once' | 'skip' | 'all'

/** Delay before the n-th retry: random between 0 and min(`maxMs`, `baseMs` × `factor`^(n-1)). */
export interface Backoff {
  /** Upper bound of the first delay, milliseconds. Default 1 000. */
  readonly baseMs?: number
  /** What the bound grows by with each attempt; at least 1. Default 2. */
  readonly factor?: number
  /** The bound never grows past this, milliseconds. Default 3 600 000 (an hour). */
  readonly maxMs?: number
}

/** How a run is queued and tried; shared by tasks and one-shots. */
export interface ExecutionOptions {
  /** A name to show to people. Default: the callable's path. */
  readonly label?: string
  /** Queue the runs are put in. Default `default`. */
  readonly queue?: string
  /** Runs of a higher priority are claimed first within their queue. Default 0. */
  readonly priority?: number
  /** Attempts in all, at least 1. Default 5. */
  readonly maxAttempts?: number
  /** Delay before a retry. Default: exponential from a second up to an hour, fully jittered. */
  readonly backoff?: Backoff
  /** Seconds an attempt may take before its signal is aborted. Default: no limit. */
  readonly timeoutSeconds?: number
}

/** When a task runs, and for how long. */
export interface TaskOptions extends ExecutionOptions {
  /**
   * Unique name of this task. With it `schedule()` updates the one row however often it is called, and keeps
   * `nextRun` while the timing stays the same; without it every call makes a new row.
   */
  readonly key?: string
  /** Cron expression of 5 fields, or 6 with the seconds last. Default: `SISY_DEFAULT_SCHEDULE`, else every minute. */
  readonly schedule?: string
  /** IANA time zone in which `schedule` is read. Default `UTC`. */
  readonly timezone?: string
  /** Default true. A task that is not enabled misses nothing. */
  readonly enabled?: boolean
  /** Not before this instant: a `Date`, or an ISO string with an offset. Default: at once. */
  readonly startRunning?: Date | string
  /** Not at or after this instant: a `Date`, or an ISO string with an offset. Default: for ever. */
  readonly endRunning?: Date | string
  /** False: the first run comes at once, the others by the schedule. Default true. */
  readonly waitForSchedule?: boolean
  /** Runs until the task is deleted; 0 means no limit. Default 0. */
  readonly iterations?: number
  /** False: the database refuses a second unfinished run; that instant is skipped. Default true. */
  readonly allowOverlap?: boolean
  /** What becomes of instants missed while no heartbeat ran. Default `once`. */
  readonly misfire?: Misfire
  /** How far back a missed instant is made up for, seconds. Default: without limit. */
  readonly misfireWindow?: number
  /** With `misfire: 'all'`, how many missed instants are made up for, 1 to 100 000. Default 100. */
  readonly misfireLimit?: number
  /** Each run is delayed by 0 up to this many seconds, the same for the same task and instant. Default 0. */
  readonly jitterSeconds?: number
  /** When the bound record is gone: `fail` the run, or `delete` this task. Default `fail`. */
  readonly onMissingRecord?: 'fail' | 'delete'
}

/** How a one-shot is queued. */
export interface RunOptions extends ExecutionOptions {
  /** Not before this future instant: a `Date`, or an ISO string with an offset. Default: at once. */
  readonly delayUntil?: Date | string
  /** While an unfinished run holds this key, another is not enqueued. Default: none. */
  readonly uniqueKey?: string
}

/** How `runIterations` schedules. */
export interface IterationOptions extends Omit<
  TaskOptions,
  'startRunning' | 'waitForSchedule' | 'iterations'
> {
  /** How often to run before the task is deleted; at least 1. Default 1. */
  readonly iterations?: number
  /** True: the first iteration comes at once instead of at the first scheduled instant. Default false. */
  readonly runImmediately?: boolean
  /** Not before this future instant: a `Date`, or an ISO string with an offset. Default: at once. */
  readonly delayUntil?: Date | string
}
