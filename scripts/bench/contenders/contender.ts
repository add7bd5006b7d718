import type { Recorder } from '../programs/recorder.mjs'

/** One way to run jobs that is measured, at certain settings. */
export interface Contender {
  /** How tables and `--only` call it. */
  readonly name: string
  readonly kind: 'ours' | 'peer' | 'limit'
  /** The module that its programs load; each program is a process of its own. */
  readonly module: URL
  /** What its module is given; nothing means defaults. */
  readonly settings: Readonly<Record<string, unknown>>
  /** Where its jobs are kept. */
  readonly store: 'postgresql' | 'redis'
  /** What its settings are, for the reader of a table. */
  readonly told: string
  /** It runs some thousands of jobs a second at most, and is given fewer of them. */
  readonly isSlow?: boolean
}

/** What a contender's module is given. */
export interface QueueOptions {
  /** Connection string of its database; with a store in Redis the URL of that. */
  readonly url: string
  readonly settings: Contender['settings']
  /** Is told of each job that begins. */
  readonly recorder: Recorder
}

/** What a contender's module exports as `open`. */
export type OpenQueue = (options: QueueOptions) => Queue

/** A contender in one process: it may make, fill, and work. */
export interface Queue {
  /** Makes its tables in an empty database. */
  setUp(): Promise<void>
  /** Removes all jobs. */
  clear(): Promise<void>
  /** Puts no-op jobs into the queue that are due now, as fast as it can be done. */
  fill(count: number): Promise<void>
  /** Enqueues one job as an app does; data goes with it. */
  enqueue(data: JobData): Promise<unknown>
  /** Enqueues many by one call. */
  enqueueAll(jobs: readonly JobData[]): Promise<unknown>
  /** Starts a worker. */
  work(): Promise<void>
  /** Whether no job is left that has not ended. */
  isDrained(): Promise<boolean>
  /** One turn of a heartbeat, and what it did; only a heartbeat has it. */
  tick?(): Promise<{ readonly stamped: number; readonly pruned: number }>
  /** Claims as many jobs as it can at once, and leaves them claimed; only ours has it. */
  claim?(limit: number): Promise<unknown>
  /** Stops what was started and closes what was opened. */
  close(): Promise<void>
}

/** What a job carries: something small. A type, not an interface, so that it is JSON. */
export type JobData = {
  readonly email: string
  readonly months: number
  /** Monotonic time of this machine when it was enqueued, milliseconds; where latency is measured. */
  readonly sentAt?: number
}
