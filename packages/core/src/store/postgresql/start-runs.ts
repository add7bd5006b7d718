import type { StartedRun } from '../../run/run-row.js'
import type { Database } from '../database.js'
import type { Lease } from '../store.js'
import { asJson, queryJson } from './json-rows.js'
import { givenLeases, leaseArrays } from './leases.js'
import type { Tables } from './tables.js'
import { otherTaskColumns, readTaskRow, type TaskRowJson } from './task-row-json.js'
import { fetchedUserdata } from './userdata-size.js'

/**
 * Marks that user code begins, and reads the tasks as they are at this moment. Locks the runs, in id order,
 * passing over those that another transaction holds; served by the primary keys. Guarded by id and lease token.
 */
export async function startRuns(
  db: Database,
  tables: Tables,
  now: Date,
  leases: readonly Lease[],
): Promise<StartedRun[]> {
  const rows = await queryJson<Omit<StartedRun, 'task'> & { readonly task: TaskRowJson | null }>(
    db,
    `WITH locked AS (
       SELECT r.id FROM ${givenLeases} JOIN ${tables.run} AS r ON r.id = given.id
       WHERE r."leaseToken" = given.token AND r."leaseUntil" IS NOT NULL
       ORDER BY r.id FOR UPDATE OF r SKIP LOCKED
     ), started AS (
       UPDATE ${tables.run} SET "startedAt" = $3::timestamptz WHERE id = ANY(ARRAY(SELECT id FROM locked))
       RETURNING id, "taskId", "cancelRequestedAt" IS NOT NULL AS "cancelRequested"
     )
     ${asJson(`(SELECT s.id, s."cancelRequested", t.oversize, CASE WHEN t.id IS NOT NULL THEN to_json(t) END AS task
       FROM started AS s LEFT JOIN LATERAL (
         SELECT ${otherTaskColumns}, ${fetchedUserdata('userdata')} FROM ${tables.task} WHERE id = s."taskId"
       ) AS t ON true)`)}`,
    [...leaseArrays(leases), now.toISOString()],
  )
  return rows.map((row) => ({ ...row, task: row.task === null ? null : readTaskRow(row.task) }))
}
