import type { Clock } from '../clock/clock.js'

/** When lost runs may be looked for. */
export interface RescuePause {
  /** Whether they may, at this moment. */
  readonly isOver: boolean
  /** Tells of a measurement of the database's clock. @param movedMs how far it moved ours, milliseconds. */
  measured(movedMs: number): void
}

/** The clock may be moved so far without a pause, milliseconds. */
const mostMovedMs = 1_000

/**
 * After the clock was moved, since this machine slept or the database's clock was set, leases of live workers may look
 * over, those of this process too. They have half a lease to renew them; each does so every third.
 */
export function createRescuePause(clock: Clock, leaseMs: number): RescuePause {
  let endsAt = -Infinity
  return {
    get isOver() {
      return clock.monotonic() >= endsAt
    },
    measured: (movedMs) => {
      if (Math.abs(movedMs) > mostMovedMs) endsAt = clock.monotonic() + leaseMs / 2
    },
  }
}
