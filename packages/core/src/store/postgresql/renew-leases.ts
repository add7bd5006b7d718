import type { Database } from '../database.js'
import type { Lease, RenewedLease } from '../store.js'
import { asJson, queryJson } from './json-rows.js'
import { givenLeases, leaseArrays } from './leases.js'
import type { Tables } from './tables.js'

/**
 * Moves the end of leases. Locks the runs, passing over those that another transaction holds, which are told apart from
 * lost ones; served by the primary key. Guarded by id and lease token: a run that was rescued and claimed again, even by
 * the same worker, bears another token.
 */
export async function renewLeases(
  db: Database,
  tables: Tables,
  now: Date,
  leaseMs: number,
  leases: readonly Lease[],
): Promise<RenewedLease[]> {
  const held = `FROM ${givenLeases} JOIN ${tables.run} AS r ON r.id = given.id
    WHERE r."leaseToken" = given.token AND r."leaseUntil" IS NOT NULL`
  return queryJson(
    db,
    `WITH held AS (SELECT r.id, r."cancelRequestedAt" IS NOT NULL AS "cancelRequested" ${held}),
     locked AS (SELECT r.id ${held} ORDER BY r.id FOR UPDATE OF r SKIP LOCKED),
     renewed AS (
       UPDATE ${tables.run} SET "leaseUntil" = $3::timestamptz WHERE id = ANY(ARRAY(SELECT id FROM locked)) RETURNING id
     )
     ${asJson('(SELECT held.*, EXISTS (SELECT FROM renewed WHERE renewed.id = held.id) AS renewed FROM held)')}`,
    [...leaseArrays(leases), new Date(now.getTime() + leaseMs).toISOString()],
  )
}
