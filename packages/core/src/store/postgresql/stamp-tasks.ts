import { sqlState } from '../../errors/database-evidence.js'
import type { Channels } from '../channels.js'
import type { Database } from '../database.js'
import type { Stamp } from '../store.js'
import { isAsRead, readColumns, readColumnTypes } from './as-read.js'
import { notifyEach } from './notify.js'
import { copiedColumns } from './run-task.js'
import type { Tables } from './tables.js'

/** How long one statement waits for a key that another transaction is about to take or to free, milliseconds. */
const longestWaitMs = 200
const lockNotAvailable = '55P03'

interface Stamped {
  readonly tasks: string[]
  readonly runs: number
}

/**
 * Inserts the runs of due tasks and advances the tasks, each task in one statement: after a crash at any point both
 * happened or neither. Locks the tasks, in id order, passing over those another heartbeat holds and those changed since
 * they were read; served by their primary key and the unique index on the runs' `activeKey`. A transaction that is kept
 * open with the key of a task without overlap cannot be passed over: a statement that waits too long for it is undone,
 * and its stamps are parted until that task alone is left out.
 */
export async function stampTasks(
  db: Database,
  tables: Tables,
  channels: Channels,
  now: Date,
  stamps: readonly Stamp[],
): Promise<Stamped> {
  try {
    return await stampAll(db, tables, channels, now, stamps)
  } catch (thrown) {
    if (sqlState(thrown) !== lockNotAvailable) throw thrown
  }
  const stamped: Stamped = { tasks: [], runs: 0 }
  if (stamps.length === 1) return stamped
  return parted(stamps).reduce(async (before, part) => {
    const { tasks, runs } = await before
    const more = await stampTasks(db, tables, channels, now, part)
    return { tasks: [...tasks, ...more.tasks], runs: runs + more.runs }
  }, Promise.resolve(stamped))
}

/** Those that wait for no key apart from those that may; if all may, in halves. */
function parted(stamps: readonly Stamp[]): (readonly Stamp[])[] {
  const free = stamps.filter(({ read }) => read.allowOverlap)
  const mayWait = stamps.filter(({ read }) => !read.allowOverlap)
  if (free.length > 0 && mayWait.length > 0) return [free, mayWait]
  const middle = Math.ceil(stamps.length / 2)
  return [stamps.slice(0, middle), stamps.slice(middle)]
}

async function stampAll(
  db: Database,
  tables: Tables,
  channels: Channels,
  now: Date,
  stamps: readonly Stamp[],
): Promise<Stamped> {
  const given = stamps.map((stamp) => ({
    ...readColumns(stamp.read),
    runs: stamp.runs,
    stamped: stamp.stamped,
    skipped: stamp.skipped,
  }))
  const [reply] = await db.query<{ tasks: string; runs: number }>(
    `WITH bound AS (
       SELECT set_config('lock_timeout', '${longestWaitMs}', true)
     ), given AS (
       SELECT g.* FROM bound, jsonb_to_recordset($1::jsonb) AS g(${readColumnTypes}, runs jsonb, stamped jsonb, skipped jsonb)
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
