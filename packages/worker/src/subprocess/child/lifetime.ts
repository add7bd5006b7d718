import type { HeldRun } from '../held-run.js'
import type { PoolClock } from '../pool-clock.js'

/** Until when a child may live: the earliest moment of its runs. */
export interface Lifetime {
  /** To be called whenever its runs, or their moments, have changed. */
  update(): void
  /** Whether that moment is past. */
  readonly isOver: boolean
}

export interface LifetimeOptions {
  readonly clock: PoolClock
  /** The runs of the child. */
  readonly runs: () => Iterable<HeldRun>
  /** Tells the child. @param moment by the pool's clock; null when there is none. */
  readonly keepUntil: (moment: number | null) => void
}

/**
 * A run that was aborted does not take others along that go on: whoever aborted it sees to its end. By itself it bounds
 * its child still.
 */
export function createLifetime({ clock, runs, keepUntil }: LifetimeOptions): Lifetime {
  let kept: number | null = null

  function earliest(): number | null {
    let going = Infinity
    let aborted = Infinity
    let anyGoing = false
    for (const run of runs()) {
      const until = run.liveUntil ?? Infinity
      if (run.aborted !== null) aborted = Math.min(aborted, until)
      else {
        anyGoing = true
        going = Math.min(going, until)
      }
    }
    const moment = anyGoing ? going : aborted
    return moment === Infinity ? null : moment
  }

  return {
    update: () => {
      const moment = earliest()
      if (moment === kept) return
      kept = moment
      keepUntil(moment)
    },
    get isOver() {
      return kept !== null && clock.monotonic() >= kept
    },
  }
}
