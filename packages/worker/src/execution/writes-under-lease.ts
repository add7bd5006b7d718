import {
  checkTransaction,
  checkUserdata,
  LeaseLostError,
  storableResult,
  storeInTransaction,
  type ClaimedRun,
  type SisyRuntime,
  type Store,
} from '@sisy/core/internal'
import type { RunWrites } from './make-context.js'

/** What a callable writes to its run: refused once the lease is lost. */
export function writesUnderLease(
  { id, attempt }: ClaimedRun,
  leaseToken: string,
  { store, runtime }: { readonly store: Store; readonly runtime: SisyRuntime },
): RunWrites {
  const lease = { id, leaseToken }
  const lost = (consequence: string): LeaseLostError =>
    new LeaseLostError(
      `Run ${id} (attempt ${attempt}) has ended, was taken back or has been completed already, so ${consequence}.`,
      {
        runId: id,
        attempt,
      },
    )
  return {
    save: async (userdata) => {
      checkUserdata(userdata)
      if (!(await store.saveUserdata(lease, userdata))) throw lost('its userdata was not saved')
    },
    complete: async (tx, result) => {
      checkTransaction(tx)
      const stored = storableResult(result)
      const held = await storeInTransaction(runtime, tx).completeRun(lease, stored)
      if (!held) throw lost('it was not completed; its transaction must be rolled back')
    },
  }
}
