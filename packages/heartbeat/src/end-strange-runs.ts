import type { Duty } from './duty.js'

const batch = 500

/** Ends runs that plain SQL put in a state there is not. @returns how many. */
export async function endStrangeRuns({ store, clock, logger }: Duty): Promise<number> {
  let ended = 0
  for (;;) {
    const runs = await store.endStrangeRuns(clock.now(), batch)
    for (const { id, label, reason } of runs) {
      logger.error({ run: id }, `${label} (run ${id}) has failed for what its row says: ${reason}`)
    }
    ended += runs.length
    if (runs.length < batch) return ended
  }
}
