import type { Database } from '../database.js'
import type { TimedTask } from '../store.js'
import type { Tables } from './tables.js'
import { queryTimedTasks } from './timed-tasks.js'

/** Tasks to be stamped, the longest due first. Locks nothing; served by (`enabled`, `nextRun`). */
export async function readDueTasks(
  db: Database,
  tables: Tables,
  now: Date,
  limit: number,
): Promise<TimedTask[]> {
  return queryTimedTasks(
    db,
    `FROM ${tables.task} WHERE enabled AND "nextRun" <= $1::timestamptz ORDER BY "nextRun" LIMIT $2`,
    [now.toISOString(), limit],
  )
}
