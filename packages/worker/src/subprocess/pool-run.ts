import { PoolCrashError, PoolEvictedError, PoolMemoryError } from './pool-errors.js'
import type { EndedRun } from './pool-outcome.js'
import { errorOf } from './channel/thrown.js'

/** A run that was given to the pool. */
export interface PoolRun<Out> {
  /** How it ended, and what it took. Never rejects. */
  readonly ended: Promise<EndedRun<Out>>
  /** Aborts its signal. If it does not end within the grace period, its process is ended. */
  abort(reason: unknown): void
  /** Ends its process at once, and with it the other runs there. */
  kill(reason: unknown): void
  /** Moves the moment of `RunOptions.liveUntil`; null means that there is none any more. */
  liveUntil(moment: number | null): void
  /** Takes it back if it still waits for its first child; it then ends `evicted`. */
  withdraw(): void
}

/** Options of one run. */
export interface RunOptions {
  /** Names it in messages and in front of its output. Default: `run 1`, `run 2`, … */
  readonly name?: string
  /** How long it may take, milliseconds; null means no limit. Default: the pool's. */
  readonly timeoutMs?: number | null
  /** Called when that time is over, counted from its begin. Default: its signal is aborted with a PoolTimeoutError. */
  readonly onTimeout?: () => void
  /**
   * Its process does not outlive this moment unless `PoolRun.liveUntil` moves it, though this process be stopped or busy
   * and the run block its event loop. A moment of the pool's clock: `performance.now()` of this process, milliseconds. It
   * then ends `evicted`, and does not begin any more. Null, the default: no such moment. A run that was aborted ends
   * no process in which others go on. Where no temporary file can be written, it does not hold.
   */
  readonly liveUntil?: number | null
  /** Aborts it. */
  readonly signal?: AbortSignal
}

/** What a run returned. @throws what it threw, or an error that tells how else it ended. */
export function valueOf<Out>(ended: EndedRun<Out>): Out {
  const { name, pid } = ended
  switch (ended.kind) {
    case 'ok':
      return ended.value
    case 'error':
      throw errorOf(ended.thrown)
    case 'aborted':
      throw errorOf(ended.reason)
    case 'memory':
      throw new PoolMemoryError(name, pid ?? 0, ended.residentBytes, ended.maxMemory)
    case 'crashed':
      throw new PoolCrashError(name, pid ?? 0, ended, ended.thrown)
    case 'evicted':
      throw new PoolEvictedError(name, pid)
  }
}
