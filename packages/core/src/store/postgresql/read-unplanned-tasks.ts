import type { JsonValue } from '../../json/json-value.js'
import type { TaskRow } from '../../task/task-row.js'
import type { Database } from '../database.js'
import { asJson, queryJson } from './json-rows.js'
import type { Tables } from './tables.js'
import { readTaskRow, type TaskRowJson } from './task-row-json.js'

/** Enabled tasks without a first instant. Locks nothing; served by the nulls of (`enabled`, `nextRun`). */
export async function readUnplannedTasks(
  db: Database,
  tables: Tables,
  limit: number,
): Promise<TaskRow<JsonValue>[]> {
  const rows = await queryJson<TaskRowJson>(
    db,
    asJson(
      `(SELECT * FROM ${tables.task}
        WHERE enabled AND "nextRun" IS NULL AND "endedAt" IS NULL AND problem IS NULL LIMIT $1)`,
    ),
    [limit],
  )
  return rows.map(readTaskRow)
}
