import type { Database } from '../database.js'
import type { Tables } from './tables.js'

/**
 * Gives back a claim whose reply was lost. Locks its runs; served by the `state` prefix of the claim index. Guarded by
 * the lease token, and only what was not started is given back.
 */
export async function releaseClaim(db: Database, tables: Tables, leaseToken: string): Promise<number> {
  return db.execute(
    `UPDATE ${tables.run} SET state = 'due', attempt = attempt - 1, "leaseUntil" = NULL, "leaseToken" = NULL
     WHERE state = 'running' AND "leaseToken" = $1::uuid AND "startedAt" IS NULL`,
    [leaseToken],
  )
}
