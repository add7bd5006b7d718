import {
  retryPause,
  finishApart,
  isWritten,
  sleep,
  type Clock,
  type Finish,
  type Store,
  type Transition,
} from '@sisy/core/internal'
import type { ActiveRun } from './active-run.js'

/** What became of an end. */
export type Ending =
  /** The run is in this state now. */
  | { readonly written: Transition['state'] }
  /** Nothing was written, for the lease was lost, or the worker has given up. */
  | 'lost'
  /** The database does not take this end; another may do. */
  | { readonly refused: unknown }

/** Writes the ends of runs, many in one statement. */
export interface FinishQueue {
  /** Keeps an end for as long as the database does not answer. Never rejects. */
  push(active: ActiveRun, transition: Transition): Promise<Ending>
  /** Gives up what is not written, and all that comes later: it counts as lost. */
  abandon(): void
}

interface Waiting {
  readonly finish: Finish
  readonly resolve: (ending: Ending) => void
  /** Whether it has been in a statement that failed. */
  failed: boolean
}

export interface FinishQueueOptions {
  readonly store: Store
  readonly clock: Clock
  /** Called once when writing begins to fail; results are kept and written later if their lease still holds. */
  readonly onTrouble: (error: unknown) => void
  /** Called once when all that failed is written. */
  readonly onRecovery: () => void
  /** Between 0 and 1; spreads the pauses of several workers in the same trouble. */
  readonly random: () => number
}

/** The most ends written by one statement. */
const largestFlush = 500
/** An end whose row another transaction holds is tried again after this, milliseconds. */
const heldPauseMs = 250

/**
 * Group commit: while one flush is under way the next ones gather, and when nothing is under way an end is written at
 * once. So there is no timer, and the busier the worker, the larger the flushes.
 */
export function createFinishQueue(options: FinishQueueOptions): FinishQueue {
  const { store, clock, onTrouble, onRecovery, random } = options
  /** All whose fate is not known, also those that are being written or wait for a held row. */
  const open = new Set<Waiting>()
  let waiting: Waiting[] = []
  let flushing = false
  let failures = 0
  let inTrouble = false
  let most = largestFlush
  const abandoned = new AbortController()

  function settle(entry: Waiting, ending: Ending): void {
    open.delete(entry)
    entry.resolve(ending)
  }

  function enqueue(entries: readonly Waiting[]): void {
    waiting.push(...entries.filter((entry) => open.has(entry)))
    if (!flushing) void flushAll()
  }

  async function write(flush: readonly Waiting[]): Promise<void> {
    const replies = await finishApart(
      store,
      clock.now(),
      flush.map((entry) => entry.finish),
    )
    const held: Waiting[] = []
    for (const [n, entry] of flush.entries()) {
      const reply = replies[n] ?? 'lost'
      if (reply === 'held') held.push(entry)
      else settle(entry, isWritten(reply) ? { written: reply } : reply)
    }
    if (held.length > 0) void sleep(clock, heldPauseMs, abandoned.signal).then(() => enqueue(held))
  }

  function recover(): void {
    failures = 0
    most = Math.min(largestFlush, most * 2)
    if (!inTrouble || [...open].some((entry) => entry.failed)) return
    inTrouble = false
    onRecovery()
  }

  async function pauseAfter(error: unknown, flush: readonly Waiting[]): Promise<void> {
    if (!inTrouble) onTrouble(error)
    inTrouble = true
    failures += 1
    // Last and fewer, so that one that is too much for the database does not hold up the others for ever.
    most = Math.ceil(flush.length / 2)
    for (const entry of flush) entry.failed = true
    waiting.push(...flush.filter((entry) => open.has(entry)))
    await sleep(clock, retryPause(failures, random()), abandoned.signal)
  }

  async function flushAll(): Promise<void> {
    flushing = true
    while (waiting.length > 0) {
      const flush = waiting.slice(0, most)
      waiting = waiting.slice(most)
      try {
        await write(flush)
        recover()
      } catch (error) {
        await pauseAfter(error, flush)
      }
    }
    flushing = false
  }

  return {
    push: (active, transition) =>
      new Promise((resolve) => {
        const finish = { id: active.run.id, leaseToken: active.leaseToken, transition }
        const entry = { finish, resolve, failed: false }
        open.add(entry)
        if (abandoned.signal.aborted) settle(entry, 'lost')
        else enqueue([entry])
      }),
    abandon: () => {
      abandoned.abort()
      waiting = []
      for (const entry of open) settle(entry, 'lost')
    },
  }
}
