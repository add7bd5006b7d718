import type { Channels } from '../channels.js'
import type { Database } from '../database.js'
import type { WrittenRun } from '../store.js'
import { insertedColumns, insertedValues, skipHeldKeys } from './inserted-run.js'
import { payloadOf } from './notify.js'
import { runColumnNames, runColumns, type RunCells } from './run-cells.js'
import type { Tables } from './tables.js'
import { readWrittenRun } from './written-run.js'

const parameters = Object.fromEntries(
  runColumnNames.map((name, index) => [name, `$${index + 1}::${runColumns[name]}`]),
) as Record<keyof RunCells, string>
const values = insertedValues(parameters, 'clock_timestamp()')
const [runTask, queue, heartbeat] = [1, 2, 3].map((behind) => `$${runColumnNames.length + behind}`)
const wakeWorkers = `pg_notify(${runTask}, ${queue})`
const wakeHeartbeat = `pg_notify(${heartbeat}, '')`

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
  const { dueAt, uniqueKey } = run
  const delayed = dueAt !== null
  const wake = delayed ? `CASE state WHEN 'due' THEN ${wakeWorkers} ELSE ${wakeHeartbeat} END` : wakeWorkers
  const [written] = await db.query<{ state: WrittenRun['state']; dueAt: string }>(
    `INSERT INTO ${tables.run} (${insertedColumns}) VALUES (${values}) ${uniqueKey === null ? '' : skipHeldKeys}
     RETURNING state, to_json("dueAt") #>> '{}' AS "dueAt", (${wake})::text AS woken`,
    [
      ...runColumnNames.map((name) => run[name]),
      channels.runTask,
      payloadOf(run.queue),
      ...(delayed ? [channels.heartbeat] : []),
    ],
  )
  return written === undefined ? null : readWrittenRun({ id: run.id, ...written })
}
