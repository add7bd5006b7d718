import type { Channels } from '../channels.js'
import type { Database } from '../database.js'
import { notifyEach } from './notify.js'
import type { Tables } from './tables.js'

/**
 * Gives back a claim whose runs have not begun. Locks its runs, passing over those that another transaction holds;
 * served by the `state` prefix of the claim index. Guarded by the lease token: only the worker that made it asks, after
 * the reply to the claim was lost. Workers are woken.
 */
export async function releaseClaim(
  db: Database,
  tables: Tables,
  channels: Channels,
  leaseToken: string,
): Promise<number> {
  const [reply] = await db.query<{ count: number }>(
    `WITH released AS (
       UPDATE ${tables.run} SET state = 'due', attempt = attempt - 1, "startedAt" = NULL, "leaseUntil" = NULL,
         "leaseToken" = NULL
       WHERE id = ANY(ARRAY(
         SELECT id FROM ${tables.run} WHERE state = 'running' AND "leaseToken" = $1::uuid ORDER BY id FOR UPDATE SKIP LOCKED
       ))
       RETURNING queue
     ), woken AS (${notifyEach('$2', `SELECT DISTINCT queue FROM released`)})
     SELECT (SELECT count(*)::int FROM released) AS count, (SELECT count(*)::int FROM woken) AS woken`,
    [leaseToken, channels.runTask],
  )
  return reply?.count ?? 0
}
