import { sleep, type Clock, type Finish, type Store, type Transition } from '@sisy/core/internal'
import type { ActiveRun } from './active-run.js'

/** Writes the ends of runs, many in one statement. */
export interface FinishQueue {
  /** @returns whether the end was written; false when the lease was lost. */
  push(active: ActiveRun, transition: Transition): Promise<boolean>
}

interface Waiting {
  readonly finish: Finish
  /** `monotonic()` after which it is not tried again, though the lease be renewed: the database does not take it. */
  readonly until: number
  readonly resolve: (written: boolean) => void
}

export interface FinishQueueOptions {
  readonly store: Store
  readonly clock: Clock
  /** Called once when writing begins to fail; results are kept and written later if their lease still holds. */
  readonly onTrouble: (error: unknown) => void
  readonly onRecovery: () => void
}

/** The most ends written by one statement. */
const largestFlush = 500
const retryPauseMs = 250

/**
 * Group commit: while one flush is under way the next ones gather, and when nothing is under way an end is written at
 * once. So there is no timer, and the busier the worker, the larger the flushes.
 */
export function createFinishQueue({ store, clock, onTrouble, onRecovery }: FinishQueueOptions): FinishQueue {
  let waiting: Waiting[] = []
  let flushing = false
  let inTrouble = false
  let most = largestFlush

  async function write(flush: readonly Waiting[]): Promise<readonly Waiting[]> {
    try {
      const written = new Set(
        await store.finishRuns(
          clock.now(),
          flush.map((entry) => entry.finish),
        ),
      )
      if (inTrouble) onRecovery()
      inTrouble = false
      most = Math.min(largestFlush, most * 2)
      for (const entry of flush) entry.resolve(written.has(entry.finish.id))
      return []
    } catch (error) {
      if (!inTrouble) onTrouble(error)
      inTrouble = true
      // It may be one result that the database does not take, or all of them together: find it, and let the others pass.
      most = Math.ceil(flush.length / 2)
      await sleep(clock, retryPauseMs)
      const held = flush.filter((entry) => entry.until > clock.monotonic())
      for (const entry of flush) if (!held.includes(entry)) entry.resolve(false)
      return held
    }
  }

  async function flushAll(): Promise<void> {
    flushing = true
    while (waiting.length > 0) {
      const flush = waiting.slice(0, most)
      waiting = waiting.slice(most)
      const unwritten = await write(flush)
      waiting.push(...unwritten)
    }
    flushing = false
  }

  return {
    push: (active, transition) =>
      new Promise((resolve) => {
        const finish = { id: active.run.id, leaseToken: active.leaseToken, transition }
        waiting.push({ finish, until: active.giveUpAt, resolve })
        if (!flushing) void flushAll()
      }),
  }
}
