import type { JsonValue } from '../../json/json-value.js'
import type { TaskRow } from '../../task/task-row.js'
import type { Database } from '../database.js'
import { asJson, queryJson } from './json-rows.js'
import type { Tables } from './tables.js'
import { readTaskRow, type TaskRowJson } from './task-row-json.js'

/** Tasks to be stamped, the longest due first. Locks nothing; served by (`enabled`, `nextRun`). */
export async function readDueTasks(
  db: Database,
  tables: Tables,
  now: Date,
  limit: number,
): Promise<TaskRow<JsonValue>[]> {
  const rows = await queryJson<TaskRowJson>(
    db,
    asJson(
      `(SELECT * FROM ${tables.task} WHERE enabled AND "nextRun" <= $1::timestamptz
        ORDER BY "nextRun" LIMIT $2)`,
      ` ORDER BY item."nextRun"`,
    ),
    [now.toISOString(), limit],
  )
  return rows.map(readTaskRow)
}
