import type { LostRun } from '../../run/run-row.js'
import type { Database } from '../database.js'
import { asJson, queryJson, readInstant, readInstantOrNull } from './json-rows.js'
import type { Tables } from './tables.js'

type LostRunJson = Omit<LostRun, 'leaseUntil' | 'startedAt'> & {
  leaseUntil: string
  startedAt: string | null
}

/** Running runs whose lease is over. Locks nothing; served by the `state` prefix of the claim index. */
export async function readLostRuns(
  db: Database,
  tables: Tables,
  now: Date,
  limit: number,
): Promise<LostRun[]> {
  const rows = await queryJson<LostRunJson>(
    db,
    asJson(`(
      SELECT id, "leaseToken", "leaseUntil", label, callable, "taskId", attempt, "maxAttempts", "workerId", "startedAt",
        "cancelRequestedAt" IS NOT NULL AS "cancelRequested"
      FROM ${tables.run} WHERE state = 'running' AND "leaseUntil" < $1::timestamptz LIMIT $2)`),
    [now.toISOString(), limit],
  )
  return rows.map((row) => ({
    ...row,
    leaseUntil: readInstant(row.leaseUntil),
    startedAt: readInstantOrNull(row.startedAt),
  }))
}
