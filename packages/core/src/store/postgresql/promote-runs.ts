import type { Channels } from '../channels.js'
import type { Database } from '../database.js'
import { scheduledLanes } from './lanes.js'
import { notifyEach } from './notify.js'
import type { Tables } from './tables.js'

/**
 * `scheduled` runs whose time has come become `due`; workers are woken once per queue. Locks those runs, passing over
 * held ones; served by (`state`, `queue`, `priority`, `dueAt`), by queue and priority, so future runs are not walked.
 */
export async function promoteRuns(
  db: Database,
  tables: Tables,
  channels: Channels,
  now: Date,
  limit: number,
): Promise<number> {
  const [reply] = await db.query<{ count: number }>(
    `WITH RECURSIVE ${scheduledLanes(tables)},
     ripe AS (
       SELECT first.id FROM lane AS l, LATERAL (
         SELECT r.id FROM ${tables.run} AS r
         WHERE r.state = 'scheduled' AND r.queue = l.queue AND r.priority = l.priority AND r."dueAt" <= $1::timestamptz
         ORDER BY r."dueAt" LIMIT $2 FOR UPDATE SKIP LOCKED
       ) AS first
     ), promoted AS (
       UPDATE ${tables.run} SET state = 'due' WHERE id = ANY(ARRAY(SELECT id FROM ripe)) RETURNING queue
     ), woken AS (${notifyEach('$3', `SELECT DISTINCT queue FROM promoted`)})
     SELECT (SELECT count(*)::int FROM promoted) AS count, (SELECT count(*)::int FROM woken) AS woken`,
    [now.toISOString(), limit, channels.runTask],
  )
  return reply?.count ?? 0
}
