import type { StartedRun } from '../../run/run-row.js'
import type { Database } from '../database.js'
import type { Start } from '../store.js'
import { boundRows, instant, instants, type BoundColumn } from './bound-rows.js'
import { asJson, queryJson } from './json-rows.js'
import { readStartedTask, startedTaskColumns, type StartedTaskJson } from './started-task.js'
import type { Tables } from './tables.js'
import { fetchedUserdata } from './userdata-size.js'

const columns = {
  id: ['uuid', ({ id }) => id],
  token: ['uuid', ({ leaseToken }) => leaseToken],
  startedAt: instants(({ startedAt }) => startedAt),
} satisfies Record<string, BoundColumn<Start>>

const { userdata, oversize } = fetchedUserdata('userdata')

/**
 * Marks when user code began, or begins, and reads the tasks as they are at this moment. Locks the runs, in id order,
 * passing over those that another transaction holds; served by the primary keys, one probe for each run, and then by the
 * place of the locked row. Guarded by id and lease token.
 */
export async function startRuns(
  db: Database,
  tables: Tables,
  starts: readonly Start[],
): Promise<StartedRun[]> {
  const sorted = starts.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const given = boundRows(sorted, columns, { alias: 'given', first: 1 })
  const rows = await queryJson<Omit<StartedRun, 'task'> & { readonly task: StartedTaskJson | null }>(
    db,
    `WITH locked AS MATERIALIZED (
       SELECT held.ctid AS place, given."startedAt"
       FROM ${given.source}, LATERAL (
         SELECT r.ctid FROM ${tables.run} AS r
         WHERE r.id = given.id AND r."leaseToken" = given.token AND r."leaseUntil" IS NOT NULL FOR UPDATE SKIP LOCKED
       ) AS held
     ), started AS (
       UPDATE ${tables.run} AS r SET "startedAt" = ${instant('locked."startedAt"')} FROM locked WHERE r.ctid = locked.place
       RETURNING r.id, r."taskId", r."cancelRequestedAt" IS NOT NULL AS "cancelRequested"
     )
     ${asJson(`(SELECT s.id, s."cancelRequested", t.oversize, CASE WHEN t.id IS NOT NULL THEN to_json(t) END AS task
       FROM started AS s LEFT JOIN LATERAL (
         SELECT ${startedTaskColumns}, ${userdata} AS userdata, ${oversize} AS oversize FROM ${tables.task} WHERE id = s."taskId"
       ) AS t ON true)`)}`,
    given.values,
  )
  return rows.map((row) => ({ ...row, task: row.task === null ? null : readStartedTask(row.task) }))
}
