import type { Clock } from '../clock/clock.js'
import type { Store } from '../store/store.js'
import { decideTransition } from './decide-transition.js'
import type { LostRun } from './run-row.js'

const batch = 500

/**
 * Takes back runs whose lease is over, because their worker died or lost the database. Any number of processes may do
 * so at once: each write is guarded by the end of lease that was read, so a renewal in between wins.
 *
 * @returns the runs taken back.
 */
export async function rescueLostRuns(store: Store, clock: Clock): Promise<LostRun[]> {
  const now = clock.now()
  const lost = await store.readLostRuns(now, batch)
  if (lost.length === 0) return []
  const finishes = lost.map((run) => {
    const outcome = run.cancelRequested ? ({ kind: 'cancelled' } as const) : ({ kind: 'lost' } as const)
    const decided = { ...run, backoff: null, onMissingRecord: 'fail', pid: null }
    return {
      id: run.id,
      leaseToken: run.leaseToken,
      leaseUntil: run.leaseUntil,
      transition: decideTransition(outcome, decided, now, 0),
    }
  })
  const written = new Set(await store.finishRuns(now, finishes))
  return lost.filter((run) => written.has(run.id))
}
