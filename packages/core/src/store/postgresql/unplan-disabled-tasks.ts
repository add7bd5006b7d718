import type { Database } from '../database.js'
import type { Tables } from './tables.js'

/** Takes the next instant from disabled tasks. Locks them, passing over held ones; served by (`enabled`, `nextRun`). */
export async function unplanDisabledTasks(db: Database, tables: Tables): Promise<number> {
  return db.execute(
    `UPDATE ${tables.task} SET "nextRun" = NULL WHERE id = ANY(ARRAY(
       SELECT id FROM ${tables.task} WHERE NOT enabled AND "nextRun" IS NOT NULL
       ORDER BY "nextRun" LIMIT 1000 FOR UPDATE SKIP LOCKED
     ))`,
    [],
  )
}
