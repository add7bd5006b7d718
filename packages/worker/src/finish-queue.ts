import {
  retryPause,
  finishApart,
  sleep,
  type Clock,
  type Refused,
  type Store,
  type Transition,
} from '@sisy/core/internal'
import type { ActiveRun } from './active-run.js'
import { largestClaim } from './claim-size.js'

/** An attempt whose end is to be written. */
export interface EndedAttempt {
  readonly active: ActiveRun
  readonly transition: Transition
}

/** What became of an end. */
export type Ending =
  /** The run is in this state now. */
  | Transition['state']
  /** Nothing was written, for the lease was lost, or the worker has given up. */
  | 'lost'
  /** The database does not take this end; another may do. */
  | Refused

/** Writes the ends of runs, many in one statement. */
export interface FinishQueue<Ended extends EndedAttempt> {
  /** Keeps an end for as long as the database does not answer. */
  push(ended: Ended): void
  /** How many ends are not written yet. */
  readonly unwritten: number
  /** Gives up what is not written, and all that comes later: it counts as lost. */
  abandon(): void
}

export interface FinishQueueOptions<Ended extends EndedAttempt> {
  readonly store: Store
  readonly clock: Clock
  /** What became of an end: called once for each, and never by `push()` itself. */
  readonly onEnding: (ended: Ended, ending: Ending) => void
  /** Called once when writing begins to fail; results are kept and written later if their lease still holds. */
  readonly onTrouble: (error: unknown) => void
  /** Called once when all that failed is written. */
  readonly onRecovery: () => void
  /** Between 0 and 1; spreads the pauses of several workers in the same trouble. */
  readonly random: () => number
}

/** The most ends written by one statement: as many as one claim takes, so that neither waits long for the other. */
const largestFlush = largestClaim
/**
 * An end whose row another transaction holds is tried again after this, milliseconds; sooner if that was a mark or a renewal
 * of this worker, which is over then.
 */
const heldPauseMs = 250

/**
 * Group commit: while one flush is under way the next ones gather, and when nothing is under way an end is written in
 * this turn of the event loop. So there is no timer, and the busier the worker, the larger the flushes.
 */
export function createFinishQueue<Ended extends EndedAttempt>(
  options: FinishQueueOptions<Ended>,
): FinishQueue<Ended> {
  const { store, clock, onEnding, onTrouble, onRecovery, random } = options
  let waiting: Ended[] = []
  /** What is being written, and how many of it are written and told. */
  let flush: readonly Ended[] = []
  let told = 0
  /** Those whose rows another transaction holds. */
  const held = new Set<readonly Ended[]>()
  /** Those that have been in a statement that failed. */
  const failed = new Set<Ended>()
  let flushing = false
  let failures = 0
  let inTrouble = false
  let most = largestFlush
  const abandoned = new AbortController()

  function settle(ended: Ended, ending: Ending): void {
    failed.delete(ended)
    onEnding(ended, ending)
  }

  function enqueue(more: readonly Ended[]): void {
    waiting.push(...more)
    if (flushing) return
    flushing = true
    // What ends in the same turn of the event loop goes with it.
    setImmediate(() => void flushAll())
  }

  async function write(): Promise<void> {
    /** Statements of this worker that may hold the rows of some. */
    const own = new Map<Ended, Promise<unknown>>()
    const finishes = flush.map((ended) => {
      const { run, leaseToken, startedAt, locking } = ended.active
      if (locking !== null) own.set(ended, locking)
      return { id: run.id, leaseToken, startedAt, transition: ended.transition }
    })
    const replies = await finishApart(store, clock.now(), finishes)
    const heldNow: Ended[] = []
    try {
      for (let ended = flush[told]; ended !== undefined; ended = flush[told]) {
        const reply = replies[told] ?? 'lost'
        told += 1
        if (reply === 'held') heldNow.push(ended)
        else settle(ended, reply)
      }
    } finally {
      if (heldNow.length > 0) tryAgain(heldNow, own)
    }
  }

  function tryAgain(ends: readonly Ended[], own: ReadonlyMap<Ended, Promise<unknown>>): void {
    const ours = ends.filter((ended) => own.has(ended))
    const others = ends.filter((ended) => !own.has(ended))
    const over = Promise.all(ours.flatMap((ended) => own.get(ended) ?? []))
    if (ours.length > 0) void enqueueLater(ours, Promise.race([over, pause()]))
    if (others.length > 0) void enqueueLater(others, pause())
  }

  const pause = (): Promise<void> => sleep(clock, heldPauseMs, abandoned.signal)

  async function enqueueLater(ends: readonly Ended[], when: Promise<unknown>): Promise<void> {
    held.add(ends)
    await when
    if (held.delete(ends)) enqueue(ends)
  }

  /** What is not told leaves the flush. */
  function takeUntold(): readonly Ended[] {
    const untold = flush.slice(told)
    flush = []
    told = 0
    return untold
  }

  function recover(): void {
    failures = 0
    most = Math.min(largestFlush, most * 2)
    if (!inTrouble || failed.size > 0) return
    inTrouble = false
    onRecovery()
  }

  async function pauseAfter(error: unknown): Promise<void> {
    if (!inTrouble) onTrouble(error)
    inTrouble = true
    failures += 1
    // Last and fewer, so that one that is too much for the database does not hold up the others for ever.
    const left = takeUntold()
    most = Math.max(1, Math.ceil(left.length / 2))
    for (const ended of left) failed.add(ended)
    waiting.push(...left)
    await sleep(clock, retryPause(failures, random()), abandoned.signal)
  }

  async function flushAll(): Promise<void> {
    while (waiting.length > 0) {
      flush = waiting.slice(0, most)
      told = 0
      waiting = waiting.slice(most)
      try {
        await write()
        recover()
      } catch (error) {
        await pauseAfter(error)
      }
    }
    flushing = false
  }

  return {
    push: (ended) => {
      if (abandoned.signal.aborted) queueMicrotask(() => settle(ended, 'lost'))
      else enqueue([ended])
    },
    get unwritten() {
      let count = waiting.length + flush.length - told
      for (const ends of held) count += ends.length
      return count
    },
    abandon: () => {
      abandoned.abort()
      const given = [...takeUntold(), ...waiting, ...[...held].flat()]
      waiting = []
      held.clear()
      for (const ended of given) settle(ended, 'lost')
    },
  }
}
