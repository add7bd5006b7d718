import type { Database } from '../database.js'
import type { Store } from '../store.js'
import { at, milliseconds, queryColumns } from './json-columns.js'
import type { Tables } from './tables.js'
import { selectTimed, timedColumns, timedTask, type InstantJson, type TimedTaskJson } from './timed-tasks.js'

interface UnplannedTaskJson extends TimedTaskJson {
  readonly modifiedAt: InstantJson
}

/** Enabled tasks without a first instant, except some. Locks nothing; served by the nulls of (`enabled`, `nextRun`). */
export async function readUnplannedTasks(
  db: Database,
  tables: Tables,
  { limit, except }: Parameters<Store['readUnplannedTasks']>[0],
): ReturnType<Store['readUnplannedTasks']> {
  const read = await queryColumns<UnplannedTaskJson>(
    db,
    [...timedColumns, 'modifiedAt'],
    `FROM (
       SELECT ${selectTimed}, ${milliseconds('"modifiedAt"')} AS "modifiedAt" FROM ${tables.task}
       WHERE enabled AND "nextRun" IS NULL AND "endedAt" IS NULL AND problem IS NULL
         AND id NOT IN (SELECT unnest($2::uuid[]))
       LIMIT $1
     ) AS task`,
    [limit, `{${[...except].join()}}`],
  )
  const tasks = read.id?.map((_, n) => timedTask(read, n)) ?? []
  return tasks.map((task, n) => ({ ...task, modifiedAt: new Date(at(read.modifiedAt, n)) }))
}
