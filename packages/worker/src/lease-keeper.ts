import { createLoop, type DatabaseClock, type Loop, type Store } from '@sisy/core/internal'
import { whileLocking, type ActiveRun } from './active-run.js'
import type { HeldRuns } from './active-runs.js'
import { giveUpAt } from './lease-times.js'
import { cancelled, leaseLost } from './run-pipeline.js'

export interface LeaseKeeperOptions {
  readonly store: Store
  readonly clock: DatabaseClock
  readonly leaseMs: number
  /** The runs held at this moment. */
  readonly active: HeldRuns
  /** Leases were renewed: `giveUpAt` of their runs has moved. */
  readonly onExtended: () => void
  /** Called with each renewal, to say that the worker lives. */
  readonly onRenewed: (now: Date) => Promise<void>
  /** This process did nothing for so long, milliseconds: a good part of a lease. */
  readonly onHeldUp: (ms: number) => void
  /** The machine's clock has moved so far from monotonic time, milliseconds; `wake()` renews at once. */
  readonly onJump: (ms: number) => void
  readonly onTrouble: (error: unknown) => void
  readonly onRecovery: () => void
  readonly random: () => number
}

/** How often leases are renewed, as a share of the lease. */
const renewalShare = 1 / 3
/** How often a worker looks whether it must give a run up, as a share of the lease; and at the moment itself. */
const watchShare = 0.05
/** A failing renewal is tried again after no more than this, as a share of the lease. */
const longestPauseShare = 0.1
/** How late a look may be before it is told of, as a share of the lease. */
const heldUpShare = 1 / 3
/** A clock so far off has jumped, and a renewal by it is repeated at once, milliseconds. */
const offMs = 1_000

/**
 * Renews the leases of all held runs, every third of a lease, in one statement. A run whose lease is gone, or cannot
 * be renewed in time, is aborted; so is one that somebody cancelled.
 */
export function createLeaseKeeper(options: LeaseKeeperOptions): Loop {
  const { store, clock, leaseMs, active } = options
  const watchMs = leaseMs * watchShare
  let begins = true
  let nextWatchAt = Infinity
  let driftMs = clock.driftMs()

  /** @returns when to renew again, milliseconds from now. */
  async function renew(held: readonly ActiveRun[]): Promise<number> {
    const leases = held.map(({ run, leaseToken }) => ({ id: run.id, leaseToken }))
    const [askedAt, sent] = [clock.monotonic(), clock.now().getTime()]
    const renewal = await whileLocking(held, () => store.renewLeases(new Date(sent), leaseMs, leases))
    clock.measure(renewal.now, askedAt)
    const behindMs = clock.now().getTime() - sent - (clock.monotonic() - askedAt)
    const byId = new Map(renewal.leases.map((lease) => [lease.id, lease]))
    for (const holding of held) {
      const lease = byId.get(holding.run.id)
      // A lease that was asked for by a clock that is behind ends so much earlier.
      if (lease?.renewed === true) holding.giveUpAt = giveUpAt(askedAt - Math.max(0, behindMs), leaseMs)
      if (lease === undefined && active.has(holding)) holding.abort.abort(leaseLost(holding))
      if (lease?.cancelRequested === true) holding.abort.abort(cancelled(holding.run.id))
    }
    options.onExtended()
    if (Math.abs(behindMs) > offMs) return 0
    // What another transaction held may be free in a moment.
    const allRenewed = renewal.leases.every(({ renewed }) => renewed)
    return leaseMs * (allRenewed ? renewalShare : longestPauseShare)
  }

  /** Aborts what is overdue. @returns milliseconds until the next run would be. */
  function abandonOverdue(): number {
    const now = clock.monotonic()
    let nearest = Infinity
    for (const holding of active) {
      if (holding.giveUpAt <= now) holding.abort.abort(leaseLost(holding))
      else nearest = Math.min(nearest, holding.giveUpAt)
    }
    return nearest - now
  }

  function lookAtClock(): void {
    const movedMs = clock.driftMs() - driftMs
    driftMs += movedMs
    if (Math.abs(movedMs) > offMs) options.onJump(movedMs)
  }

  const renewing = createLoop({
    clock,
    turn: async () => {
      if (begins) {
        // The worker's row was written a moment ago, and it holds no run yet.
        begins = false
        return leaseMs * renewalShare
      }
      // What is about to start was claimed a moment ago, and a renewal would be in the way.
      const started = [...active].filter(({ startedAt }) => startedAt !== null)
      const pauseMs = started.length > 0 ? await renew(started) : leaseMs * renewalShare
      // By a clock that was wrong the leases are renewed once more, before anything else.
      if (pauseMs > 0) await options.onRenewed(clock.now())
      return pauseMs
    },
    onTrouble: options.onTrouble,
    onRecovery: options.onRecovery,
    longestPauseMs: leaseMs * longestPauseShare,
    random: options.random,
  })
  // A loop of its own, since a renewal may get no answer for minutes.
  const watching = createLoop({
    clock,
    turn: async () => {
      const pauseMs = Math.min(watchMs, abandonOverdue())
      const lateMs = clock.monotonic() - nextWatchAt
      nextWatchAt = clock.monotonic() + pauseMs
      if (lateMs > leaseMs * heldUpShare) options.onHeldUp(lateMs)
      lookAtClock()
      return pauseMs
    },
    onTrouble: options.onTrouble,
    onRecovery: options.onRecovery,
    random: options.random,
  })

  return {
    start: () => {
      renewing.start()
      watching.start()
    },
    wake: () => {
      renewing.wake()
    },
    stop: async () => {
      await Promise.all([renewing.stop(), watching.stop()])
    },
  }
}
