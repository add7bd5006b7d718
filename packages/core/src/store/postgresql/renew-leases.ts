import type { Database } from '../database.js'
import type { Lease } from '../store.js'
import { asJson, queryJson } from './json-rows.js'
import { givenLeases, leaseArrays } from './leases.js'
import type { Tables } from './tables.js'

/**
 * Moves the end of leases. Locks the runs; served by the primary key. Guarded by id and lease token: a run that was
 * rescued and claimed again, even by the same worker, bears another token.
 */
export async function renewLeases(
  db: Database,
  tables: Tables,
  now: Date,
  leaseMs: number,
  leases: readonly Lease[],
): Promise<{ id: string; cancelRequested: boolean }[]> {
  return queryJson(
    db,
    `WITH renewed AS (
       UPDATE ${tables.run} AS r SET "leaseUntil" = $3::timestamptz FROM ${givenLeases}
       WHERE r.id = given.id AND r."leaseToken" = given.token AND r."leaseUntil" IS NOT NULL
       RETURNING r.id, r."cancelRequestedAt" IS NOT NULL AS "cancelRequested"
     )
     ${asJson('renewed')}`,
    [...leaseArrays(leases), new Date(now.getTime() + leaseMs).toISOString()],
  )
}
