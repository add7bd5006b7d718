import type { Channels } from '../channels.js'
import type { Database } from '../database.js'
import type { Stamp } from '../store.js'
import { isAsRead, readColumns, readColumnTypes } from './as-read.js'
import { notifyEach } from './notify.js'
import { copiedColumns } from './run-task.js'
import type { Tables } from './tables.js'

/**
 * Inserts the runs of due tasks and advances the tasks, in one statement: after a crash at any point both happened or
 * neither. Locks the tasks, in id order, passing over those another heartbeat holds and those changed since they were
 * read; served by their primary key and the unique index on the runs' `activeKey`.
 */
export async function stampTasks(
  db: Database,
  tables: Tables,
  channels: Channels,
  now: Date,
  stamps: readonly Stamp[],
): Promise<{ tasks: string[]; runs: number }> {
  const given = stamps.map((stamp) => ({
    ...readColumns(stamp.read),
    runs: stamp.runs,
    stamped: stamp.stamped,
    skipped: stamp.skipped,
  }))
  const [reply] = await db.query<{ tasks: string; runs: number }>(
    `WITH given AS (
       SELECT * FROM jsonb_to_recordset($1::jsonb) AS g(${readColumnTypes}, runs jsonb, stamped jsonb, skipped jsonb)
     ), locked AS (
       SELECT t.*, given.runs, given.stamped, given.skipped
       FROM ${tables.task} AS t JOIN given ON t.id = given.id
       WHERE ${isAsRead}
       ORDER BY t.id FOR UPDATE OF t SKIP LOCKED
     ), inserted AS (
       INSERT INTO ${tables.run} (id, "taskId", state, "dueAt", "activeKey", ${copiedColumns})
       SELECT (run.value ->> 'id')::uuid, locked.id,
         CASE WHEN (run.value ->> 'dueAt')::timestamptz > $2::timestamptz THEN 'scheduled' ELSE 'due' END,
         (run.value ->> 'dueAt')::timestamptz, CASE WHEN NOT "allowOverlap" THEN 't:' || locked.id END, ${copiedColumns}
       FROM locked, jsonb_array_elements(locked.runs) AS run(value)
       ON CONFLICT ("activeKey") DO NOTHING
       RETURNING "taskId", queue, state
     ), decided AS (
       SELECT locked.id, CASE
         WHEN locked.runs = '[]' OR EXISTS (SELECT FROM inserted WHERE inserted."taskId" = locked.id) THEN locked.stamped
         ELSE locked.skipped END AS columns
       FROM locked
     ), advanced AS (
       UPDATE ${tables.task} AS t SET
         "nextRun" = (d.columns ->> 'nextRun')::timestamptz,
         "lastRun" = (d.columns ->> 'lastRun')::timestamptz,
         iterations = (d.columns ->> 'iterations')::integer,
         "endedAt" = (d.columns ->> 'endedAt')::timestamptz,
         problem = d.columns ->> 'problem'
       FROM decided AS d WHERE t.id = d.id
       RETURNING t.id
     ), woken AS (${notifyEach('$3', `SELECT DISTINCT queue FROM inserted WHERE state = 'due'`)})
     SELECT (SELECT coalesce(json_agg(id), '[]')::text FROM advanced) AS tasks,
       (SELECT count(*)::int FROM inserted) AS runs, (SELECT count(*)::int FROM woken) AS woken`,
    [JSON.stringify(given), now.toISOString(), channels.runTask],
  )
  if (reply === undefined) throw new Error('The database did not answer what was stamped.')
  return { tasks: JSON.parse(reply.tasks) as string[], runs: reply.runs }
}
