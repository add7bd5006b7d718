import type { Store } from '@sisy/core/internal'

const batch = 500

/** Deletes tasks that took their last iteration, or passed their end, once their last run has ended. */
export async function reapFinishedTasks(store: Store): Promise<number> {
  let reaped = 0
  for (;;) {
    const count = await store.reapTasks(batch)
    reaped += count
    if (count < batch) return reaped
  }
}
