import type { Channels } from '../channels.js'
import type { Database } from '../database.js'
import type { WrittenRun } from '../store.js'
import type { Cell } from './given-rows.js'
import { insertedRun, skipHeldKeys } from './inserted-run.js'
import { payloadOf } from './notify.js'
import { runColumnNames, runColumns, type RunCells } from './run-cells.js'
import type { Tables } from './tables.js'
import { readWrittenRun } from './written-run.js'

/**
 * Inserts one run, unless an unfinished one holds its unique key. Locks nothing but the new row; served by the unique
 * index on `activeKey`. Planning is most of the work, so that the statement is as plain as can be: whoever waits for the
 * run is woken while its row is returned.
 */
export async function insertRun(
  db: Database,
  tables: Tables,
  channels: Channels,
  run: RunCells,
): Promise<WrittenRun | null> {
  const bound: Cell[] = []
  const bind = (value: Cell): string => `$${bound.push(value)}`
  const given: Partial<Record<keyof RunCells, string>> = {}
  for (const name of runColumnNames) {
    const value = run[name]
    if (value !== null) given[name] = `${bind(value)}::${runColumns[name]}`
  }
  const { columns, values } = insertedRun(given, 'clock_timestamp()')
  const wakeWorkers = `pg_notify(${bind(channels.runTask)}, ${bind(payloadOf(run.queue))})`
  const wake =
    run.dueAt === null
      ? wakeWorkers
      : `CASE state WHEN 'due' THEN ${wakeWorkers} ELSE pg_notify(${bind(channels.heartbeat)}, '') END`
  const [written] = await db.query<{ state: WrittenRun['state']; dueAt: string }>(
    `INSERT INTO ${tables.run} (${columns}) VALUES (${values}) ${run.uniqueKey === null ? '' : skipHeldKeys}
     RETURNING state, to_json("dueAt") #>> '{}' AS "dueAt", (${wake})::text AS woken`,
    bound,
  )
  return written === undefined ? null : readWrittenRun({ id: run.id, ...written })
}
