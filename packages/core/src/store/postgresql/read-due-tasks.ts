import type { Database } from '../database.js'
import type { Store, TimedTask } from '../store.js'
import { queryColumns } from './json-columns.js'
import type { Tables } from './tables.js'
import { selectTimed, timedColumns, timedTask, type TimedTaskJson } from './timed-tasks.js'

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
  const read = await queryColumns<TimedTaskJson>(
    db,
    timedColumns,
    `FROM (
       SELECT ${selectTimed} FROM ${tables.task} AS t
       WHERE enabled AND "nextRun" <= $1::timestamptz AND id NOT IN (SELECT unnest($3::uuid[]))
       ORDER BY t."nextRun" LIMIT $2
     ) AS task`,
    [now.toISOString(), limit, `{${[...except].join()}}`],
  )
  return read.id?.map((_, n) => timedTask(read, n)) ?? []
}
