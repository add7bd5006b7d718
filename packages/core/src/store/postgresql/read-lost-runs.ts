import type { LostRun } from '../../run/run-row.js'
import type { Database } from '../database.js'
import { asJson, queryJson, readInstant, readInstantOrNull } from './json-rows.js'
import type { Tables } from './tables.js'

/** `-infinity` and the years before 1, which plain SQL can write and a `Date` cannot hold, count as long ago. */
export const readableLeaseEnd = `greatest("leaseUntil", '0001-01-01T00:00:00Z')`

type LostRunJson = Omit<LostRun, 'leaseUntil' | 'startedAt'> & {
  leaseUntil: string
  startedAt: string | null
}

/**
 * Running runs whose lease is over, but for those another transaction holds. Locks them for the moment of the reading,
 * passing over held ones; served by the `state` prefix of the claim index.
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
      FROM ${tables.run} WHERE state = 'running' AND "leaseUntil" < $1::timestamptz AND "leaseToken" IS NOT NULL
      LIMIT $2 FOR UPDATE SKIP LOCKED)`),
    [now.toISOString(), limit],
  )
  return rows.map((row) => ({
    ...row,
    leaseUntil: readInstant(row.leaseUntil),
    startedAt: readInstantOrNull(row.startedAt),
  }))
}
