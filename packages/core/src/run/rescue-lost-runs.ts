import type { Clock } from '../clock/clock.js'
import type { Store } from '../store/store.js'
import { decideTransition, type Transition } from './decide-transition.js'
import { finishApart, isWritten } from './finish-apart.js'
import type { Outcome } from './outcome.js'
import type { LostRun } from './run-row.js'

const batch = 500

/** A run that was taken back. */
export interface RescuedRun extends LostRun {
  /** `lost`, or `cancelled` when somebody had asked for that. */
  readonly outcome: Outcome
  /** Where it went. */
  readonly state: Transition['state']
}

/**
 * Takes back runs whose lease is over, because their worker died or lost the database. Any number of processes may do
 * so at once: each write is guarded by the end of lease that was read, so a renewal in between wins. What another
 * transaction holds, or the database refuses, is left for the next time.
 *
 * @returns the runs taken back.
 */
export async function rescueLostRuns(store: Store, clock: Clock): Promise<RescuedRun[]> {
  const now = clock.now()
  const lost = await store.readLostRuns(now, batch)
  if (lost.length === 0) return []
  const decided = lost.map((run) => decide(run, now))
  const rescues = decided.map(({ run: { id, leaseToken, leaseUntil }, transition }) => ({
    id,
    leaseToken,
    leaseUntil,
    transition,
  }))
  const replies = await finishApart(store, now, rescues)
  return decided.flatMap(({ run, outcome }, n) => {
    const state = replies[n]
    return isWritten(state) ? [{ ...run, outcome, state }] : []
  })
}

function decide(run: LostRun, now: Date): { run: LostRun; outcome: Outcome; transition: Transition } {
  const outcome: Outcome = run.cancelRequested ? { kind: 'cancelled' } : { kind: 'lost' }
  const unknown = {
    backoff: null,
    onMissingRecord: 'fail',
    pid: null,
    peakMemory: null,
    cpuMs: null,
    output: [],
  }
  return { run, outcome, transition: decideTransition(outcome, { ...run, ...unknown }, now, 0) }
}
