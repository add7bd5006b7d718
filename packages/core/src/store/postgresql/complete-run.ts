import type { JsonValue } from '../../json/json-value.js'
import type { Database } from '../database.js'
import type { Lease } from '../store.js'
import type { Tables } from './tables.js'

/**
 * Ends a run as succeeded, inside its callable's own transaction. Locks that one row, waiting for whoever changes it;
 * served by the primary key. Guarded by id and lease token. The token stays, so that the end that the worker writes
 * afterwards finds it, and changes nothing.
 */
export async function completeRun(
  db: Database,
  tables: Tables,
  { id, leaseToken }: Lease,
  result: JsonValue,
): Promise<boolean> {
  const count = await db.execute(
    `UPDATE ${tables.run} SET state = 'succeeded', result = $3::jsonb, "activeKey" = NULL, "leaseUntil" = NULL,
       "startedAt" = coalesce("startedAt", clock_timestamp()), "finishedAt" = clock_timestamp()
     WHERE id = $1::uuid AND "leaseToken" = $2::uuid AND "leaseUntil" IS NOT NULL`,
    [id, leaseToken, result === null ? null : JSON.stringify(result)],
  )
  return count === 1
}
