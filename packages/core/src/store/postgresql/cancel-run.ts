import type { Channels } from '../channels.js'
import type { Database } from '../database.js'
import type { RunState } from '../../run/run-row.js'
import { cancelFound } from './cancel-runs.js'
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
     ${cancelFound(tables, '$2')}
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
    default:
      // Plain SQL wrote a state there is not; the heartbeat ends such a run.
      return 'ended'
  }
}
