/** What a program does when it is asked; each answer is sent as a message. */
export interface ProgramActions {
  setUp(): Promise<void>
  clear(): Promise<void>
  fill(count: number): Promise<void>
  work(): Promise<void>
  isDrained(): Promise<boolean>
  close(): Promise<void>
  /** Enqueues jobs by single calls, some of them at once. @returns how long it took, milliseconds. */
  enqueueOneByOne(options: { readonly count: number; readonly atOnce: number }): Promise<number>
  /** Enqueues jobs by one call. @returns how long it took, milliseconds. */
  enqueueInBulk(count: number): Promise<number>
  /** Enqueues one job that tells when it was enqueued. */
  enqueueTimed(): Promise<void>
  /** How many jobs began in this process, and the machine's monotonic time when the first did. */
  progress(): Promise<{ count: number; firstAt: number }>
  /** From enqueuing to the beginning, of the jobs that tell when they were enqueued, milliseconds. */
  latencies(): Promise<number[]>
  /** One turn of a heartbeat: what it did, and how long it took, milliseconds. */
  tick(): Promise<{ stamped: number; pruned: number; ms: number }>
  /** Claims jobs. @returns how long it took, milliseconds. */
  claim(limit: number): Promise<number>
}
