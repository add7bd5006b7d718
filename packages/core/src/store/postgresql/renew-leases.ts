import type { Database } from '../database.js'
import type { Lease, Renewal, RenewedLease } from '../store.js'
import { asJson, queryJson, readInstant } from './json-rows.js'
import { givenLeases, leaseArrays } from './leases.js'
import type { Tables } from './tables.js'

interface RenewalJson {
  readonly now: string
  readonly leases: RenewedLease[]
}

/**
 * Moves the end of leases on, never back: a worker whose clock is behind must not shorten what it holds. Locks the runs,
 * passing over those that another transaction holds, which are told apart from lost ones; served by the primary key.
 * Guarded by id and lease token: a run that was rescued and claimed again, even by the same worker, bears another token.
 * A run that has succeeded needs no lease any more while its callable goes on after `message.complete()`: nothing is
 * written, and it counts as renewed.
 */
export async function renewLeases(
  db: Database,
  tables: Tables,
  now: Date,
  leaseMs: number,
  leases: readonly Lease[],
): Promise<Renewal> {
  const held = `FROM ${givenLeases} JOIN ${tables.run} AS r ON r.id = given.id WHERE r."leaseToken" = given.token`
  const [reply] = await queryJson<RenewalJson>(
    db,
    `WITH held AS (
       SELECT r.id, r."cancelRequestedAt" IS NOT NULL AS "cancelRequested", r.state = 'succeeded' AS completed
       ${held} AND (r."leaseUntil" IS NOT NULL OR r.state = 'succeeded')
     ),
     locked AS (SELECT r.id ${held} AND r."leaseUntil" IS NOT NULL ORDER BY r.id FOR UPDATE OF r SKIP LOCKED),
     renewed AS (
       UPDATE ${tables.run} SET "leaseUntil" = greatest("leaseUntil", $3::timestamptz)
       WHERE id = ANY(ARRAY(SELECT id FROM locked)) RETURNING id
     ),
     lease AS (
       SELECT held.id, held."cancelRequested",
         held.completed OR EXISTS (SELECT FROM renewed WHERE renewed.id = held.id) AS renewed FROM held
     )
     ${asJson(`(SELECT clock_timestamp() AS now, (SELECT coalesce(json_agg(to_json(lease)), '[]') FROM lease) AS leases)`)}`,
    [...leaseArrays(leases), new Date(now.getTime() + leaseMs).toISOString()],
  )
  if (reply === undefined) throw new Error('The database did not answer which leases hold.')
  return { now: readInstant(reply.now), leases: reply.leases }
}
