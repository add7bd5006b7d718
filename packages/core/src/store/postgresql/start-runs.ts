import type { JsonValue } from '../../json/json-value.js'
import type { StartedRun } from '../../run/run-row.js'
import type { TaskRow } from '../../task/task-row.js'
import type { Database } from '../database.js'
import type { Lease } from '../store.js'
import { asJson, queryJson } from './json-rows.js'
import { givenLeases, leaseArrays } from './leases.js'
import type { Tables } from './tables.js'
import { readTaskRow, type TaskRowJson } from './task-row-json.js'

/**
 * Marks that user code begins, and reads the tasks as they are at this moment. Locks the runs; served by the primary
 * keys. Guarded by id and lease token.
 */
export async function startRuns(
  db: Database,
  tables: Tables,
  now: Date,
  leases: readonly Lease[],
): Promise<StartedRun[]> {
  const rows = await queryJson<{ id: string; task: TaskRowJson | null; cancelRequested: boolean }>(
    db,
    `WITH started AS (
       UPDATE ${tables.run} AS r SET "startedAt" = $3::timestamptz FROM ${givenLeases}
       WHERE r.id = given.id AND r."leaseToken" = given.token AND r."leaseUntil" IS NOT NULL
       RETURNING r.id, r."taskId", r."cancelRequestedAt" IS NOT NULL AS "cancelRequested"
     )
     ${asJson(`(SELECT s.id, s."cancelRequested", CASE WHEN t.id IS NOT NULL THEN to_json(t) END AS task
       FROM started AS s LEFT JOIN ${tables.task} AS t ON t.id = s."taskId")`)}`,
    [...leaseArrays(leases), now.toISOString()],
  )
  return rows.map((row): { id: string; task: TaskRow<JsonValue> | null; cancelRequested: boolean } => ({
    ...row,
    task: row.task === null ? null : readTaskRow(row.task),
  }))
}
