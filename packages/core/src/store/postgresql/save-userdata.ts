import type { JsonValue } from '../../json/json-value.js'
import type { Database } from '../database.js'
import type { Lease } from '../store.js'
import type { Tables } from './tables.js'

/**
 * Writes userdata to a run and its task, if the lease still holds. Locks the task, then the run, in the order in which
 * they are deleted; served by the primary keys. Guarded by the run's lease token.
 */
export async function saveUserdata(
  db: Database,
  tables: Tables,
  lease: Lease,
  userdata: JsonValue,
): Promise<boolean> {
  const [reply] = await db.query<{ held: number }>(
    `WITH locked AS (
       SELECT id FROM ${tables.task} WHERE id = (SELECT "taskId" FROM ${tables.run} WHERE id = $1::uuid) FOR NO KEY UPDATE
     ), held AS (
       UPDATE ${tables.run} SET userdata = $3::jsonb
       WHERE (SELECT count(*) FROM locked) IS NOT NULL
         AND id = $1::uuid AND "leaseToken" = $2::uuid AND state = 'running'
       RETURNING "taskId"
     ), shared AS (
       UPDATE ${tables.task} SET userdata = $3::jsonb WHERE id IN (SELECT "taskId" FROM held) RETURNING id
     )
     SELECT (SELECT count(*)::int FROM held) AS held, (SELECT count(*)::int FROM shared) AS shared`,
    [lease.id, lease.leaseToken, JSON.stringify(userdata)],
  )
  return reply?.held === 1
}
