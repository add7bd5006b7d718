import type { Database } from '../database.js'
import type { Tables } from './tables.js'

/**
 * Deletes ended tasks that have no unfinished run. Locks them, passing over held ones; served by the partial index on
 * `endedAt` or by the nulls of (`enabled`, `nextRun`), and by the partial index on the runs' `taskId`: OFFSET 0 makes
 * PostgreSQL look by task, where a join may read all runs for each of them.
 */
export async function reapTasks(db: Database, tables: Tables, limit: number): Promise<number> {
  return db.execute(
    `DELETE FROM ${tables.task} WHERE id = ANY(ARRAY(
       SELECT t.id FROM ${tables.task} AS t
       WHERE t."endedAt" IS NOT NULL AND t."nextRun" IS NULL AND t.enabled IN (true, false)
         AND NOT EXISTS (SELECT FROM ${tables.run} AS r WHERE r."taskId" = t.id AND r."finishedAt" IS NULL OFFSET 0)
       LIMIT $1 FOR UPDATE OF t SKIP LOCKED
     ))`,
    [limit],
  )
}
