import { setTimeout as sleep } from 'node:timers/promises'
import { readSnapshot, type Snapshot } from './view/read-snapshot.js'
import type { View } from './view/view.js'

const PERIOD_MS = 500

/** Shows the tables over and over until `signal` is aborted. `since` leaves out runs that ended before it. */
export async function watch(view: View, since: Date, signal: AbortSignal): Promise<Snapshot> {
  for (;;) {
    const snapshot = await readSnapshot(since)
    view.show(snapshot)
    if (signal.aborted) return snapshot
    // Aborted, it has waited long enough.
    await sleep(PERIOD_MS, undefined, { signal }).catch(() => {})
  }
}
