import type { Duty } from './duty.js'

const dayMs = 86_400_000
const batch = 1_000
/** The most batches of one tick, so that pruning a large backlog does not hold up stamping. */
const batchesPerTick = 20
/** Pause between two rounds once nothing old is left, milliseconds; little to what is kept for days. */
const pauseMs = 600_000

/** What was deleted of history, and whether there may be more. */
interface Pruned {
  readonly pruned: number
  readonly more: boolean
}

/** Deletes old history and forgotten workers, in batches; a round with nothing left to do is followed by a pause. */
export function createPruner({ store, clock, retention }: Duty): () => Promise<Pruned> {
  let nextRoundAt = -Infinity
  return async () => {
    const atOnce = retention.succeededDays === 0 || retention.failedDays === 0
    if (!atOnce && clock.monotonic() < nextRoundAt) return { pruned: 0, more: false }
    const now = clock.now().getTime()
    const before = {
      succeeded: new Date(now - retention.succeededDays * dayMs),
      failed: new Date(now - retention.failedDays * dayMs),
    }
    let pruned = 0
    for (let n = 0; n < batchesPerTick; n += 1) {
      const count = await store.pruneRuns(before, batch)
      pruned += count
      if (count === batch) continue
      await store.pruneWorkers(new Date(now - dayMs))
      nextRoundAt = clock.monotonic() + pauseMs
      return { pruned, more: false }
    }
    return { pruned, more: true }
  }
}
