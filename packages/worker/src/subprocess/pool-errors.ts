/** Root of the pool's errors. `code` is stable and meant for programs; `facts` holds what the message was made from. */
export class PoolError<Facts extends object = object> extends Error {
  readonly code: string
  readonly facts: Readonly<Facts>

  constructor(code: string, message: string, facts: Facts, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
    this.code = code
    this.facts = facts
  }
}

/** An option of the pool that is not accepted. */
export class PoolOptionError extends PoolError<{ option: string; value: unknown }> {
  constructor(option: string, value: unknown, accepted: string) {
    super('POOL_OPTION', `The pool's option ${option} is ${String(value)}; accepted is ${accepted}.`, {
      option,
      value,
    })
  }
}

/** No child process ever got ready; `cause` is what the last one said. */
export class PoolStartError extends PoolError<{ module: string; attempts: number }> {
  constructor(module: string, attempts: number, cause: Error) {
    super(
      'POOL_START',
      `No child process got ready in ${attempts} attempts. The last one said: ${cause.message}`,
      { module, attempts },
      { cause },
    )
  }
}

/** As many runs wait as may; `await pool.room()` before giving it more. */
export class PoolFullError extends PoolError<{ maxQueued: number }> {
  constructor(maxQueued: number) {
    super(
      'POOL_FULL',
      `${maxQueued} runs wait for a child process, as many as maxQueued allows. Await pool.room() before each run.`,
      { maxQueued },
    )
  }
}

/** The pool has ended, or is ending. */
export class PoolStoppedError extends PoolError {
  constructor() {
    super('POOL_STOPPED', 'The pool has been stopped.', {})
  }
}

/** Reason of a signal: the run took longer than its `timeoutMs`. */
export class PoolTimeoutError extends PoolError<{ run: string; timeoutMs: number }> {
  constructor(run: string, timeoutMs: number) {
    super('POOL_TIMEOUT', `${run} took longer than its timeoutMs of ${timeoutMs}.`, { run, timeoutMs })
  }
}

/** The child process of the run went over `maxMemory` and was killed. */
export class PoolMemoryError extends PoolError<{
  run: string
  pid: number
  residentBytes: number
  maxMemory: number
}> {
  constructor(run: string, pid: number, residentBytes: number, maxMemory: number) {
    super(
      'POOL_MEMORY',
      `Process ${pid} held ${mebibytes(residentBytes)} MiB while it ran ${run}, over its maxMemory of ${mebibytes(maxMemory)} MiB, and was killed.`,
      { run, pid, residentBytes, maxMemory },
    )
  }
}

/** The child process of the run died; `cause` is the exception nobody caught, if that is why. */
export class PoolCrashError extends PoolError<{
  run: string
  pid: number
  exitCode: number | null
  signal: string | null
}> {
  constructor(
    run: string,
    pid: number,
    end: { exitCode: number | null; signal: string | null },
    cause?: unknown,
  ) {
    const why =
      cause instanceof Error ? `an exception nobody caught (${cause.name}: ${cause.message})` : endOf(end)
    super(
      'POOL_CRASH',
      `Process ${pid} ended by ${why} while it ran ${run}.`,
      { run, pid, exitCode: end.exitCode, signal: end.signal },
      cause === undefined ? undefined : { cause },
    )
  }
}

function endOf({ exitCode, signal }: { exitCode: number | null; signal: string | null }): string {
  return signal ?? `exit code ${exitCode}`
}

/** The run's child process had to go because of another run, or the run never began; it may be given again. */
export class PoolEvictedError extends PoolError<{ run: string; pid: number | null }> {
  constructor(run: string, pid: number | null) {
    super(
      'POOL_EVICTED',
      pid === null
        ? `${run} had not begun when it was taken back.`
        : `Process ${pid} had to go because of another run while it ran ${run}.`,
      { run, pid },
    )
  }
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 1024 ** 2)
}
