import type { LastBegin } from '../channel/shared-file.js'
import type { HeldRun } from '../held-run.js'
import { machineNow, type PoolClock } from '../pool-clock.js'

/**
 * Runs that were sent to a busy child ahead of time, so that it need not wait for the supervisor between two of them.
 * Only quick runs are worth it. Should the one before turn out slow, they are taken back, even from a child that does not
 * answer: a child marks a begin first and then looks at the clock, and begins nothing that was sent ahead too long ago;
 * so what has not been marked when that time is over is never begun there.
 */
export interface RunsAhead {
  readonly waiting: readonly HeldRun[]
  /** How many wait. */
  readonly size: number
  /** How many more may be sent ahead now. */
  readonly room: number
  /** A run ended here, after so many milliseconds. */
  noteDuration(ms: number): void
  /** Until when the child may begin what is sent ahead now, by `machineNow()`. */
  newLimit(): number
  /** Runs were sent ahead, with that limit. */
  add(runs: readonly HeldRun[], until: number): void
  /** The child is free for the next of them. @returns it; undefined when there is none. */
  shift(): HeldRun | undefined
  /** Takes one out. @returns whether it was there. */
  remove(run: HeldRun): boolean
  /** Takes those out that have begun, going by the child's last mark. */
  begun(last: LastBegin | null): HeldRun[]
  /** Takes all out. */
  clear(): HeldRun[]
}

export interface RunsAheadOptions {
  readonly clock: PoolClock
  readonly lastBegin: () => LastBegin | null
  /** These will not be begun by the child. */
  readonly onTakenBack: (runs: readonly HeldRun[]) => void
}

/** A run that took less is quick, milliseconds. */
const quickMs = 1
/** How many quick ones in a row make the next ones likely to be quick. */
const longEnough = 8
const mostAhead = 32
/** For so long a run may wait ahead, milliseconds: much longer than quick ones need. */
const aheadMs = 25

export function createRunsAhead({ clock, lastBegin, onTakenBack }: RunsAheadOptions): RunsAhead {
  let waiting: { readonly run: HeldRun; readonly until: number }[] = []
  let quickInARow = 0
  let cancelCheck: (() => void) | null = null

  function check(): void {
    cancelCheck = null
    const now = machineNow()
    const begun = lastBegin()?.sequence ?? Infinity
    const late = waiting.filter(({ run, until }) => until < now && (run.sent?.sequence ?? 0) > begun)
    if (late.length > 0) {
      waiting = waiting.filter((entry) => !late.includes(entry))
      quickInARow = 0
      onTakenBack(late.map(({ run }) => run))
    }
    checkLater()
  }

  function checkLater(): void {
    if (waiting.length > 0) cancelCheck ??= clock.after(aheadMs, check)
  }

  return {
    get waiting() {
      return waiting.map(({ run }) => run)
    },
    get size() {
      return waiting.length
    },
    get room() {
      // In batches, since a message costs more than a run in it.
      return quickInARow >= longEnough && waiting.length <= mostAhead / 2 ? mostAhead - waiting.length : 0
    },
    noteDuration: (ms) => {
      quickInARow = ms < quickMs ? quickInARow + 1 : 0
    },
    newLimit: () => machineNow() + aheadMs,
    add: (runs, until) => {
      for (const run of runs) waiting.push({ run, until })
      checkLater()
    },
    shift: () => waiting.shift()?.run,
    remove: (run) => {
      const before = waiting.length
      waiting = waiting.filter((entry) => entry.run !== run)
      return waiting.length < before
    },
    begun: (last) => {
      const begun = waiting.filter(({ run }) => (run.sent?.sequence ?? 0) <= (last?.sequence ?? Infinity))
      waiting = waiting.filter((entry) => !begun.includes(entry))
      return begun.map(({ run }) => run)
    },
    clear: () => {
      cancelCheck?.()
      return waiting.splice(0).map(({ run }) => run)
    },
  }
}
