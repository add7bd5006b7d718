import type { Channels } from '../channels.js'
import type { Database } from '../database.js'
import type { RunsWhere, Store } from '../store.js'
import { notifyEach } from './notify.js'
import type { Tables } from './tables.js'

/**
 * Common table expressions that cancel, of the rows `found(id, state)`, which must be locked, those that have not begun,
 * and ask the holders of the others to end them: `cancelled`, `requested` and `woken`.
 */
export function cancelFound(tables: Tables, channel: string): string {
  return `cancelled AS (
       UPDATE ${tables.run} SET state = 'cancelled', "activeKey" = NULL, "leaseToken" = NULL, "finishedAt" = clock_timestamp()
       WHERE id = ANY(ARRAY(SELECT id FROM found WHERE state IN ('due', 'scheduled')))
       RETURNING id
     ), requested AS (
       UPDATE ${tables.run} SET "cancelRequestedAt" = coalesce("cancelRequestedAt", clock_timestamp())
       WHERE id = ANY(ARRAY(SELECT id FROM found WHERE state = 'running'))
       RETURNING id
     ), woken AS (${notifyEach(channel, `SELECT id::text FROM requested`)})`
}

/** What each member asks of a run, the value bound in place of `$`. */
const conditions = (tables: Tables): Readonly<Record<keyof RunsWhere, string>> => ({
  taskId: `"taskId" = $::uuid`,
  key: `"taskId" = (SELECT id FROM ${tables.task} WHERE key = $)`,
  uniqueKey: `"activeKey" = 'u:' || $`,
  callable: `callable = $`,
  modelKey: `"modelKey" = $::jsonb`,
  queue: `queue = $`,
  label: `label = $`,
})

/** Members that name few runs by an index of their own. */
const narrow: readonly string[] = ['taskId', 'key', 'uniqueKey'] satisfies (keyof RunsWhere)[]

/**
 * Cancels unfinished runs as `cancelRun` does, a limited number of them. Locks them, in id order, waiting for whoever
 * changes them. Served by the index on `taskId` or `activeKey` when `where` has one of these, else by the `state` prefix
 * of the claim index, one state after the other: so no history is read, however little the planner knows of it.
 */
export async function cancelRuns(
  db: Database,
  tables: Tables,
  channels: Channels,
  where: RunsWhere,
  limit: number,
): ReturnType<Store['cancelRuns']> {
  const texts = conditions(tables)
  const given = Object.entries(where) as [keyof RunsWhere, unknown][]
  const wanted = given.map(([name], n) => texts[name].replace('$', `$${n + 3}`)).join(' AND ')
  const from = `SELECT id FROM ${tables.run} WHERE ${wanted} AND`
  const open = given.some(([name]) => narrow.includes(name))
    ? `${from} state IN ('due', 'scheduled', 'running') AND (state <> 'running' OR "cancelRequestedAt" IS NULL) LIMIT $2`
    : [`state = 'due'`, `state = 'scheduled'`, `state = 'running' AND "cancelRequestedAt" IS NULL`]
        .map((state) => `(${from} ${state} ORDER BY queue, priority DESC, "dueAt" LIMIT $2)`)
        .join(' UNION ALL ')
  const [reply] = await db.query<{ cancelled: number; requested: number; more: boolean }>(
    `WITH chosen AS (SELECT id FROM (${open}) AS open LIMIT $2),
     found AS (
       SELECT id, state FROM ${tables.run}
       WHERE id = ANY(ARRAY(SELECT id FROM chosen)) AND state IN ('due', 'scheduled', 'running')
       ORDER BY id FOR UPDATE
     ), ${cancelFound(tables, '$1')}
     SELECT (SELECT count(*)::int FROM cancelled) AS cancelled, (SELECT count(*)::int FROM requested) AS requested,
       (SELECT count(*) FROM chosen) = $2 AS more, (SELECT count(*)::int FROM woken) AS woken`,
    [
      channels.killTask,
      limit,
      ...given.map(([, value]) => (typeof value === 'object' ? JSON.stringify(value) : value)),
    ],
  )
  if (reply === undefined) throw new Error('The database did not answer what was cancelled.')
  return { cancelled: reply.cancelled, requested: reply.requested, more: reply.more }
}
