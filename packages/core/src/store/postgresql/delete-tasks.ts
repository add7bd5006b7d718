import type { Database } from '../database.js'
import type { Tables } from './tables.js'

/**
 * Deletes tasks and cancels their runs that have not begun. Locks the tasks, then their unfinished runs, each in id
 * order; served by the primary key of the tasks and the partial index on the runs' `taskId`. A running run goes on; the
 * foreign key sets its `taskId` to null.
 */
export async function deleteTasks(db: Database, tables: Tables, ids: readonly string[]): Promise<number> {
  const [reply] = await db.query<{ count: number }>(
    `WITH gone AS (
       SELECT id FROM ${tables.task} WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE
     ), unfinished AS (
       SELECT id, state FROM ${tables.run}
       WHERE "taskId" IN (SELECT id FROM gone) AND state IN ('scheduled', 'due', 'running')
       ORDER BY id FOR UPDATE
     ), cancelled AS (
       UPDATE ${tables.run} SET state = 'cancelled', "activeKey" = NULL, "leaseToken" = NULL, "finishedAt" = clock_timestamp()
       WHERE id IN (SELECT id FROM unfinished WHERE state <> 'running')
       RETURNING id
     ), deleted AS (
       DELETE FROM ${tables.task} WHERE id = ANY(ARRAY(SELECT id FROM gone)) RETURNING id
     )
     SELECT (SELECT count(*)::int FROM deleted) AS count, (SELECT count(*)::int FROM cancelled) AS cancelled`,
    [ids],
  )
  return reply?.count ?? 0
}
