import { sqlState } from '../../errors/database-evidence.js'
import type { Channels } from '../channels.js'
import type { Database } from '../database.js'
import type { Stamp } from '../store.js'
import { lockedAsRead, readColumns } from './as-read.js'
import { boundRows, instant, instants, type BoundColumn } from './bound-rows.js'
import { notifyEach } from './notify.js'
import { copiedColumns } from './run-task.js'
import type { Tables } from './tables.js'

/** How long one statement waits for a key that another transaction is about to take or to free, milliseconds. */
const longestWaitMs = 200
const lockNotAvailable = '55P03'

/**
 * For this statement alone. Each run's foreign key is checked by a query of PostgreSQL's own, under the session's
 * settings: planned once, and never one that reads the whole table, as suited it while it was small.
 */
const settings = [
  ['lock_timeout', longestWaitMs],
  ['plan_cache_mode', 'auto'],
  ['enable_seqscan', 'off'],
]

const taskColumns = {
  ...readColumns,
  nextRun: instants(({ stamped }) => stamped.nextRun),
  lastRun: instants(({ stamped }) => stamped.lastRun),
  iterations: ['integer', ({ stamped }) => stamped.iterations],
  endedAt: instants(({ stamped }) => stamped.endedAt),
  problem: ['text', ({ stamped }) => stamped.problem],
} satisfies Record<string, BoundColumn<Stamp>>

/** What becomes of a task whose run is refused, too. */
const refusalColumns = {
  ...taskColumns,
  runs: ['integer', ({ runs }) => runs.length],
  skippedNextRun: instants(({ skipped }) => skipped.nextRun),
  skippedEndedAt: instants(({ skipped }) => skipped.endedAt),
} satisfies Record<string, BoundColumn<Stamp>>

const runColumns = {
  id: ['uuid', ({ id }) => id],
  taskId: ['uuid', ({ taskId }) => taskId],
  dueAt: instants(({ dueAt }) => dueAt),
} satisfies Record<string, BoundColumn<InsertedRun>>

type InsertedRun = Stamp['runs'][number] & { readonly taskId: string }

interface Stamped {
  readonly tasks: readonly string[]
  readonly runs: number
}

/**
 * Inserts the runs of due tasks and advances the tasks, each task in one statement: after a crash at any point both
 * happened or neither. Locks the tasks, passing over those another transaction holds and those changed since they were
 * read; served by their places and the unique index on the runs' `activeKey`. A transaction that is kept open with the key
 * of a task without overlap cannot be passed over: a statement that waits too long for it is undone, and its stamps are
 * parted until that task alone is left out.
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
  const runs = runsOf(stamps)
  // What lets tasks be refused a run costs each of the others, too.
  const mayRefuse = stamps.some(({ read }) => !read.allowOverlap)
  const given = boundRows(stamps, mayRefuse ? refusalColumns : taskColumns, { alias: 'given', first: 4 })
  const run = boundRows(runs, runColumns, { alias: 'run', first: 4 + given.values.length })
  const dueAt = instant('run."dueAt"')
  const unlessRefused = (stamped: string, skipped: string): string =>
    mayRefuse ? `CASE WHEN refused THEN ${skipped} ELSE ${stamped} END` : stamped
  const [reply] = await db.query<{ tasks: string | null; runs: number }>(
    `WITH bound AS MATERIALIZED (
       SELECT ${settings.map(([name, value]) => `set_config('${name}', '${value}', true)`).join(', ')}
     ), locked AS MATERIALIZED (
       ${lockedAsRead(tables, { before: 'bound', given: given.source, places: given.parameters.place, columns: `"allowOverlap", ${copiedColumns}` })}
     ), inserted AS (
       INSERT INTO ${tables.run} (id, "taskId", state, "dueAt", "activeKey", ${copiedColumns})
       SELECT run.id, task, CASE WHEN ${dueAt} > $1::timestamptz THEN 'scheduled' ELSE 'due' END, ${dueAt},
         CASE WHEN NOT "allowOverlap" THEN 't:' || task END, ${copiedColumns}
       FROM ${run.source} JOIN locked ON task = run."taskId"
       ${mayRefuse ? 'ON CONFLICT ("activeKey") DO NOTHING' : ''}
       RETURNING "taskId", queue, state
     ), decided AS MATERIALIZED (
       SELECT *${mayRefuse ? ', runs > 0 AND id NOT IN (SELECT "taskId" FROM inserted) AS refused' : ''} FROM ${given.source}
     ), advanced AS (
       UPDATE ${tables.task} AS t SET
         "nextRun" = ${instant(unlessRefused('d."nextRun"', 'd."skippedNextRun"'))},
         "lastRun" = ${unlessRefused(instant('d."lastRun"'), 't."lastRun"')},
         iterations = ${unlessRefused('d.iterations', 't.iterations')},
         "endedAt" = ${instant(unlessRefused('d."endedAt"', 'd."skippedEndedAt"'))},
         problem = d.problem
       FROM decided AS d WHERE t.ctid = ANY(ARRAY(SELECT at FROM locked)) AND t.id = d.id
       RETURNING t.id
     ), woken AS (${notifyEach('$2', `SELECT DISTINCT queue FROM inserted WHERE state = 'due'`)})
     SELECT CASE WHEN (SELECT count(*) FROM advanced) < $3::integer THEN (SELECT coalesce(json_agg(id), '[]')::text FROM advanced) END AS tasks,
       (SELECT count(*)::int FROM inserted) AS runs, (SELECT count(*)::int FROM woken) AS woken`,
    [now.toISOString(), channels.runTask, stamps.length, ...given.values, ...run.values],
  )
  if (reply === undefined) throw new Error('The database did not answer what was stamped.')
  const tasks =
    reply.tasks === null ? stamps.map(({ read }) => read.id) : (JSON.parse(reply.tasks) as string[])
  return { tasks, runs: reply.runs }
}

// Member by member: a spread took 3 % of the time of a heartbeat that stamps.
function runsOf(stamps: readonly Stamp[]): InsertedRun[] {
  const runs: InsertedRun[] = []
  for (const { read, runs: ofTask } of stamps)
    for (const { id, dueAt } of ofTask) runs.push({ id, dueAt, taskId: read.id })
  return runs
}
