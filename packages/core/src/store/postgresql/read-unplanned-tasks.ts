import type { Database } from '../database.js'
import type { TimedTask } from '../store.js'
import type { Tables } from './tables.js'
import { queryTimedTasks } from './timed-tasks.js'

/** Enabled tasks without a first instant. Locks nothing; served by the nulls of (`enabled`, `nextRun`). */
export async function readUnplannedTasks(db: Database, tables: Tables, limit: number): Promise<TimedTask[]> {
  return queryTimedTasks(
    db,
    `FROM ${tables.task}
     WHERE enabled AND "nextRun" IS NULL AND "endedAt" IS NULL AND problem IS NULL LIMIT $1`,
    [limit],
  )
}
