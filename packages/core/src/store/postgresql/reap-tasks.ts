import type { Database } from '../database.js'
import type { Tables } from './tables.js'

/**
 * Deletes ended tasks that have no unfinished run. Locks them and then their history, which loses its `taskId`, passing
 * over held ones: a task one of whose runs is held stays. Served by the partial index on `endedAt` or by the nulls of
 * (`enabled`, `nextRun`), and by the partial index on the runs' `taskId`: OFFSET 0 makes PostgreSQL look by task, where a
 * join may read all runs for each of them.
 */
export async function reapTasks(db: Database, tables: Tables, limit: number): Promise<number> {
  return db.execute(
    `WITH ended AS (
       SELECT t.id FROM ${tables.task} AS t
       WHERE t."endedAt" IS NOT NULL AND t."nextRun" IS NULL AND t.enabled IN (true, false)
         AND NOT EXISTS (SELECT FROM ${tables.run} AS r WHERE r."taskId" = t.id AND r."finishedAt" IS NULL OFFSET 0)
       LIMIT $1 FOR UPDATE OF t SKIP LOCKED
     ), history AS (
       SELECT id FROM ${tables.run} WHERE "taskId" = ANY(ARRAY(SELECT id FROM ended))
       ORDER BY id FOR UPDATE SKIP LOCKED
     )
     DELETE FROM ${tables.task} WHERE id = ANY(ARRAY(SELECT id FROM ended)) AND id <> ALL(ARRAY(
       SELECT r."taskId" FROM ${tables.run} AS r
       WHERE r."taskId" = ANY(ARRAY(SELECT id FROM ended)) AND r.id NOT IN (SELECT id FROM history)
     ))`,
    [limit],
  )
}
