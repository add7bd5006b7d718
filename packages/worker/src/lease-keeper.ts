import { createLoop, type Clock, type Loop, type Store } from '@sisy/core/internal'
import type { ActiveRun } from './active-run.js'
import { cancelled, leaseLost } from './run-pipeline.js'

export interface LeaseKeeperOptions {
  readonly store: Store
  readonly clock: Clock
  readonly leaseMs: number
  /** The runs held at this moment, by id. */
  readonly active: ReadonlyMap<string, ActiveRun>
  /** Called with each renewal, to say that the worker lives. */
  readonly onRenewed: (now: Date) => Promise<void>
  readonly onTrouble: (error: unknown) => void
  readonly onRecovery: () => void
  readonly random: () => number
}

/** A worker stops a run by itself when this much of the lease is over. */
const givenUpShare = 0.9

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
    const held = [...active.values()]
    const askedAt = clock.monotonic()
    if (held.length > 0) {
      const leases = held.map(({ run, leaseToken }) => ({ id: run.id, leaseToken }))
      const renewed = await store.renewLeases(clock.now(), leaseMs, leases)
      const byId = new Map(renewed.map((lease) => [lease.id, lease]))
      for (const holding of held) {
        const lease = byId.get(holding.run.id)
        if (lease !== undefined) holding.giveUpAt = giveUpAt(askedAt, leaseMs)
        else if (active.get(holding.run.id) === holding) holding.abort.abort(leaseLost(holding))
        if (lease?.cancelRequested === true) holding.abort.abort(cancelled(holding.run.id))
      }
    }
    await options.onRenewed(clock.now())
  }

  function abandonOverdue(): void {
    for (const holding of active.values()) {
      if (holding.giveUpAt <= clock.monotonic()) holding.abort.abort(leaseLost(holding))
    }
  }

  return createLoop({
    clock,
    turn: async () => {
      try {
        await renew()
      } finally {
        abandonOverdue()
      }
      return leaseMs / 3
    },
    onTrouble: options.onTrouble,
    onRecovery: options.onRecovery,
    random: options.random,
  })
}
