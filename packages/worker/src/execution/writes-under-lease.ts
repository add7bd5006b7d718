import {
  checkTransaction,
  checkUserdata,
  LeaseLostError,
  storableResult,
  storeInTransaction,
  type Lease,
  type SisyRuntime,
  type Store,
} from '@sisy/core/internal'
import type { HeldAttempt, RunWrites } from './make-context.js'

/** What callables write to their runs: refused once the lease is lost. */
export function writesUnderLease({ store, runtime }: WriteTools): RunWrites {
  return {
    save: async (held, userdata) => {
      checkUserdata(userdata)
      if (!(await store.saveUserdata(leaseOf(held), userdata))) throw lost(held, 'its userdata was not saved')
    },
    complete: async (held, tx, result) => {
      checkTransaction(tx)
      const stored = storableResult(result)
      const completed = await storeInTransaction(runtime, tx).completeRun(leaseOf(held), stored)
      if (!completed) throw lost(held, 'it was not completed; its transaction must be rolled back')
    },
  }
}

interface WriteTools {
  readonly store: Store
  readonly runtime: SisyRuntime
}

function leaseOf({ run, leaseToken }: HeldAttempt): Lease {
  return { id: run.id, leaseToken }
}

function lost({ run: { id, attempt } }: HeldAttempt, consequence: string): LeaseLostError {
  return new LeaseLostError(
    `Run ${id} (attempt ${attempt}) has ended, was taken back or has been completed already, so ${consequence}.`,
    { runId: id, attempt },
  )
}
