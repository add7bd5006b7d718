import type { LostRun } from '../../run/run-row.js'
import type { Database } from '../database.js'
import { asJson, queryJson, readInstantOrNull } from './json-rows.js'
import type { Tables } from './tables.js'

/**
 * `-infinity` and the years before 1, which plain SQL can write and a `Date` cannot hold, count as long ago, and so does
 * all before the year 2000: a time zone's offset had seconds then, which a `Date` does not read.
 */
export const readableLeaseEnd = `CASE WHEN "leaseUntil" IS NOT NULL THEN greatest("leaseUntil", '2000-01-01T00:00:00Z') END`

/** When a running run is lost. One that plain SQL left without a lease was lost long ago. */
export const leaseEnd = `CASE WHEN "leaseToken" IS NULL OR "leaseUntil" IS NULL THEN '-infinity' ELSE "leaseUntil" END`

type LostRunJson = Omit<LostRun, 'leaseUntil' | 'startedAt'> & {
  leaseUntil: string | null
  startedAt: string | null
}

/**
 * Running runs whose lease is over, or that have none, but for those another transaction holds. Locks them for the
 * moment of the reading, passing over held ones; served by the `state` prefix of the claim index.
 */
export async function readLostRuns(
  db: Database,
  tables: Tables,
  now: Date,
  limit: number,
): Promise<LostRun[]> {
  const rows = await queryJson<LostRunJson>(
    db,
    asJson(`(
      SELECT id, "leaseToken", ${readableLeaseEnd} AS "leaseUntil", label, callable, "taskId", queue,
        attempt, "maxAttempts", "workerId", "startedAt", "cancelRequestedAt" IS NOT NULL AS "cancelRequested"
      FROM ${tables.run} WHERE state = 'running' AND ${leaseEnd} < $1::timestamptz
      LIMIT $2 FOR UPDATE SKIP LOCKED)`),
    [now.toISOString(), limit],
  )
  return rows.map((row) => ({
    ...row,
    leaseUntil: readInstantOrNull(row.leaseUntil),
    startedAt: readInstantOrNull(row.startedAt),
  }))
}
