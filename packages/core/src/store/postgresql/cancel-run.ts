import type { Channels } from '../channels.js'
import type { Database } from '../database.js'
import type { RunState } from '../../run/run-row.js'
import { notifyEach } from './notify.js'
import type { Tables } from './tables.js'

/**
 * Cancels a run that has not begun; of a running one sets `cancelRequestedAt` and wakes its holder. Locks that one
 * row, waiting for whoever changes it; served by the primary key.
 */
export async function cancelRun(
  db: Database,
  tables: Tables,
  channels: Channels,
  id: string,
): Promise<'cancelled' | 'requested' | 'ended' | 'missing'> {
  const [reply] = await db.query<{ state: RunState; woken: number }>(
    `WITH found AS (SELECT id, state FROM ${tables.run} WHERE id = $1::uuid FOR UPDATE),
     cancelled AS (
       UPDATE ${tables.run} SET state = 'cancelled', "activeKey" = NULL, "leaseToken" = NULL, "finishedAt" = clock_timestamp()
       WHERE id IN (SELECT id FROM found WHERE state IN ('due', 'scheduled'))
       RETURNING id
     ), requested AS (
       UPDATE ${tables.run} SET "cancelRequestedAt" = coalesce("cancelRequestedAt", clock_timestamp())
       WHERE id IN (SELECT id FROM found WHERE state = 'running')
       RETURNING id
     ), woken AS (${notifyEach('$2', `SELECT id::text FROM requested`)})
     SELECT state, (SELECT count(*)::int FROM woken) AS woken, (SELECT count(*)::int FROM cancelled) AS cancelled FROM found`,
    [id, channels.killTask],
  )
  if (reply === undefined) return 'missing'
  switch (reply.state) {
    case 'due':
    case 'scheduled':
      return 'cancelled'
    case 'running':
      return 'requested'
    case 'succeeded':
    case 'failed':
    case 'cancelled':
      return 'ended'
  }
}
