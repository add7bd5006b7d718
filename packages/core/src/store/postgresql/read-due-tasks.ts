import type { Database } from '../database.js'
import type { Store, TimedTask } from '../store.js'
import type { Tables } from './tables.js'
import { queryTimedTasks } from './timed-tasks.js'

/**
 * Tasks to be stamped, the longest due first, except those that are under way. Locks nothing; served by (`enabled`,
 * `nextRun`): the order names the table's column, for the selected one is computed from it.
 */
export async function readDueTasks(
  db: Database,
  tables: Tables,
  now: Date,
  { limit, except }: Parameters<Store['readDueTasks']>[1],
): Promise<TimedTask[]> {
  return queryTimedTasks(
    db,
    `FROM ${tables.task} AS t WHERE enabled AND "nextRun" <= $1::timestamptz AND id NOT IN (SELECT unnest($3::uuid[]))
     ORDER BY t."nextRun" LIMIT $2`,
    [now.toISOString(), limit, `{${[...except].join()}}`],
  )
}
