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

interface Waiting<Ended> {
  readonly ended: Ended
  /** Whether it has been in a statement that failed. */
  failed: boolean
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

/** The most ends written by one statement. */
const largestFlush = 2_000
/** An end whose row another transaction holds is tried again after this, milliseconds. */
const heldPauseMs = 250

/**
 * Group commit: while one flush is under way the next ones gather, and when nothing is under way an end is written in
 * this turn of the event loop. So there is no timer, and the busier the worker, the larger the flushes.
 */
export function createFinishQueue<Ended extends EndedAttempt>(
  options: FinishQueueOptions<Ended>,
): FinishQueue<Ended> {
  const { store, clock, onEnding, onTrouble, onRecovery, random } = options
  /** All whose fate is not known, also those that are being written or wait for a held row. */
  const open = new Set<Waiting<Ended>>()
  let waiting: Waiting<Ended>[] = []
  let flushing = false
  let failures = 0
  let inTrouble = false
  let most = largestFlush
  const abandoned = new AbortController()

  function settle(entry: Waiting<Ended>, ending: Ending): void {
    // One that is given up while it is being written is settled already.
    if (open.delete(entry)) onEnding(entry.ended, ending)
  }

  function enqueue(entry: Waiting<Ended>): void {
    if (open.has(entry)) waiting.push(entry)
    if (flushing) return
    flushing = true
    // What ends in the same turn of the event loop goes with it.
    setImmediate(() => void flushAll())
  }

  async function write(flush: readonly Waiting<Ended>[]): Promise<void> {
    const replies = await finishApart(
      store,
      clock.now(),
      flush.map(({ ended: { active, transition } }) => {
        const { run, leaseToken, startedAt } = active
        return { id: run.id, leaseToken, startedAt, transition }
      }),
    )
    const held: Waiting<Ended>[] = []
    for (const [n, entry] of flush.entries()) {
      const reply = replies[n] ?? 'lost'
      if (reply === 'held') held.push(entry)
      else settle(entry, reply)
    }
    if (held.length > 0) void sleep(clock, heldPauseMs, abandoned.signal).then(() => held.forEach(enqueue))
  }

  function recover(): void {
    failures = 0
    most = Math.min(largestFlush, most * 2)
    if (!inTrouble || [...open].some((entry) => entry.failed)) return
    inTrouble = false
    onRecovery()
  }

  async function pauseAfter(error: unknown, flush: readonly Waiting<Ended>[]): Promise<void> {
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
    push: (ended) => {
      const entry = { ended, failed: false }
      open.add(entry)
      if (abandoned.signal.aborted) queueMicrotask(() => settle(entry, 'lost'))
      else enqueue(entry)
    },
    get unwritten() {
      return open.size
    },
    abandon: () => {
      abandoned.abort()
      waiting = []
      for (const entry of open) settle(entry, 'lost')
    },
  }
}
