import type { RunState } from '../../run/run-row.js'
import type { Channels } from '../channels.js'
import type { Database } from '../database.js'
import type { Store } from '../store.js'
import { readWrittenRun, type WrittenRunJson } from './written-run.js'
import { asJson, queryJson } from './json-rows.js'
import { notifyEach } from './notify.js'
import type { Tables } from './tables.js'

/**
 * Makes an ended run due again, with all its attempts. Locks that one row; served by the primary key and the unique
 * index on `activeKey`. The key is asked for before it is taken, so that a caller's transaction survives a refusal.
 */
export async function retryRun(
  db: Database,
  tables: Tables,
  channels: Channels,
  id: string,
): ReturnType<Store['retryRun']> {
  const [reply] = await queryJson<{ state: RunState; activeKey: string | null; run: WrittenRunJson | null }>(
    db,
    `WITH found AS (
       SELECT r.id, r.state, coalesce('u:' || r."uniqueKey", CASE WHEN NOT t."allowOverlap" THEN 't:' || t.id END) AS wanted
       FROM ${tables.run} AS r LEFT JOIN ${tables.task} AS t ON t.id = r."taskId"
       WHERE r.id = $1::uuid FOR UPDATE OF r
     ), retried AS (
       UPDATE ${tables.run} AS r SET state = 'due', "dueAt" = clock_timestamp(), attempt = 0, "activeKey" = found.wanted,
         "leaseToken" = NULL, "cancelRequestedAt" = NULL, "startedAt" = NULL, "finishedAt" = NULL, result = NULL
       FROM found
       WHERE r.id = found.id AND found.state IN ('succeeded', 'failed', 'cancelled')
         AND NOT EXISTS (SELECT FROM ${tables.run} AS other WHERE other."activeKey" = found.wanted)
       RETURNING r.id, r.state, r."dueAt", r.queue
     ), woken AS (${notifyEach('$2', `SELECT queue FROM retried`)}),
     waking AS (SELECT count(*) FROM woken)
     ${asJson(`(
       SELECT found.state, found.wanted AS "activeKey",
         (SELECT to_json(w) FROM (SELECT id, state, "dueAt" FROM retried) AS w) AS run
       FROM found, waking)`)}`,
    [id, channels.runTask],
  )
  if (reply === undefined) return { refused: 'missing' }
  if (reply.run !== null) return readWrittenRun(reply.run)
  const ended = ['succeeded', 'failed', 'cancelled'].includes(reply.state)
  if (ended && reply.activeKey !== null) return { refused: 'active', activeKey: reply.activeKey }
  return { refused: 'unfinished', state: reply.state }
}
