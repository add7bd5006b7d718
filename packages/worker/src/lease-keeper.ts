import { createLoop, type Clock, type Loop, type Store } from '@sisy/core/internal'
import type { ActiveRun } from './active-run.js'
import { cancelled, leaseLost } from './run-pipeline.js'

export interface LeaseKeeperOptions {
  readonly store: Store
  readonly clock: Clock
  readonly leaseMs: number
  /** The runs held at this moment. */
  readonly active: ReadonlySet<ActiveRun>
  /** Called with each renewal, to say that the worker lives. */
  readonly onRenewed: (now: Date) => Promise<void>
  readonly onTrouble: (error: unknown) => void
  readonly onRecovery: () => void
  readonly random: () => number
}

/** A worker stops a run by itself when this much of the lease is over. */
const givenUpShare = 0.9
/** How often it looks whether it must, as a share of the lease. */
const watchShare = 0.05

/** When a worker gives up a run whose lease was asked for at a moment of monotonic time. */
export function giveUpAt(askedAt: number, leaseMs: number): number {
  return askedAt + leaseMs * givenUpShare
}

/**
 * Renews the leases of all held runs, every third of a lease, in one statement. A run whose lease is gone, or cannot
 * be renewed in time, is aborted; so is one that somebody cancelled.
 */
export function createLeaseKeeper(options: LeaseKeeperOptions): Loop {
  const { store, clock, leaseMs, active } = options

  async function renew(): Promise<void> {
    const held = [...active]
    const askedAt = clock.monotonic()
    if (held.length > 0) {
      const leases = held.map(({ run, leaseToken }) => ({ id: run.id, leaseToken }))
      const renewed = await store.renewLeases(clock.now(), leaseMs, leases)
      const byId = new Map(renewed.map((lease) => [lease.id, lease]))
      for (const holding of held) {
        const lease = byId.get(holding.run.id)
        if (lease?.renewed === true) holding.giveUpAt = giveUpAt(askedAt, leaseMs)
        if (lease === undefined && active.has(holding)) holding.abort.abort(leaseLost(holding))
        if (lease?.cancelRequested === true) holding.abort.abort(cancelled(holding.run.id))
      }
    }
    await options.onRenewed(clock.now())
  }

  function abandonOverdue(): void {
    for (const holding of active) {
      if (holding.giveUpAt <= clock.monotonic()) holding.abort.abort(leaseLost(holding))
    }
  }

  const renewing = createLoop({
    clock,
    turn: async () => {
      await renew()
      return leaseMs / 3
    },
    onTrouble: options.onTrouble,
    onRecovery: options.onRecovery,
    random: options.random,
  })
  // A loop of its own, since a renewal may get no answer for minutes.
  const watching = createLoop({
    clock,
    turn: async () => {
      abandonOverdue()
      return leaseMs * watchShare
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
