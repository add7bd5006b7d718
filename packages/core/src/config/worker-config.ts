/**
 * How runs are executed; can be set for one queue too. Sizes of memory are bytes, or a text such as `512mb`, `1.5gb`:
 * kb, mb and gb are 1024-based, in small or capital letters.
 */
export interface QueueConfig {
  /** Child processes that run user code, 1 to 256. Default: the CPUs at hand. Environment: `SISY_PROCESSES`. */
  readonly processes?: number
  /**
   * True runs user code in the worker's own process: faster, but what crashes, blocks or leaks there does so to the
   * worker, and neither memory nor a timeout can be enforced. What blocks the event loop for longer than the lease loses
   * its runs; a block of a third of that is warned of. Default false. Environment: `SISY_INLINE`, true or false.
   */
  readonly inline?: boolean
  /**
   * Runs at once in each child process, or with `inline` in the worker, 1 to 1000. Default 1, with `inline` 10.
   * Environment: `SISY_CONCURRENCY`.
   */
  readonly concurrency?: number
  /** Seconds an attempt may take whose task says nothing, whole, from 1 on; null means no limit. Default null. */
  readonly timeoutSeconds?: number | null
  /**
   * The most resident memory a child process may hold; one that goes above it is ended, and its runs with it. At least
   * `64mb`; null means no limit. Default null. Environment: `SISY_MAX_MEMORY`.
   */
  readonly maxMemory?: number | string | null
  /**
   * A child process that holds more than this between two runs is replaced. At least `32mb`, below `maxMemory`; null
   * means never for its memory. Default: 80 % of `maxMemory`, null without one.
   */
  readonly recycleMemory?: number | string | null
  /** Milliseconds between two looks at a child's memory, 50 to 60 000. Default 1000. */
  readonly memoryCheckIntervalMs?: number
  /** A child process is replaced after so many runs, whole, from 1 on; null means never for their number. Default null. */
  readonly maxRunsPerChild?: number | null
}

/** The process that runs tasks. */
export interface WorkerConfig extends QueueConfig {
  /** Queues to take runs from. Default: all. Environment: `SISY_QUEUES`, separated by commas. */
  readonly queues?: readonly string[] | undefined
  /** What is different for runs of one queue, by its name. Default: nothing. */
  readonly perQueue?: Readonly<Record<string, QueueConfig>>
  /**
   * How long a claimed run stays owned without being renewed, in seconds, 5 to 3600: what a worker that died had is taken
   * over after that. It is renewed every third of it, also while user code blocks a child process, but not while it blocks
   * the worker itself with `inline`. Default 60.
   */
  readonly leaseSeconds?: number
  /**
   * Seconds between two looks for work when nothing wakes the worker, 0.1 to 60. Default 5 while it listens for wake-ups,
   * or half of `leaseSeconds` where that is less; otherwise 2.
   */
  readonly pollSeconds?: number | undefined
  /** How long running runs may go on after the first SIGTERM or SIGINT, in seconds; 0 aborts them at once. Default 20. */
  readonly drainSeconds?: number
  /** How long an aborted run may take to end before it is given up, in seconds; 0 means at once. Default 5. */
  readonly graceSeconds?: number
  /**
   * Port that metrics are served at, 0 to 65 535; 0 means any free one, null serves none. Default null.
   * Environment: `SISY_METRICS_PORT`.
   */
  readonly metricsPort?: number | null
  /** Address that metrics are served at. Default `127.0.0.1`, this machine only. Environment: `SISY_METRICS_HOST`. */
  readonly metricsHost?: string
}
