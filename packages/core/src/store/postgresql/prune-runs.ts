import type { Database } from '../database.js'
import type { Tables } from './tables.js'

/**
 * Deletes history older than its retention, a limited number of rows at a time. Locks those ended rows, which no
 * claim looks at, passing over held ones; served by the BRIN index on `finishedAt`, since history lies in the table in
 * the order of time. In a large backlog PostgreSQL may rather read the table from its start, where the oldest rows lie.
 */
export async function pruneRuns(
  db: Database,
  tables: Tables,
  before: { readonly succeeded: Date; readonly failed: Date },
  limit: number,
): Promise<number> {
  return db.execute(
    `DELETE FROM ${tables.run} WHERE id = ANY(ARRAY(
       SELECT id FROM ${tables.run}
       WHERE "finishedAt" < greatest($1::timestamptz, $2::timestamptz)
         AND "finishedAt" < CASE WHEN state = 'succeeded' THEN $1::timestamptz ELSE $2::timestamptz END
       LIMIT $3 FOR UPDATE SKIP LOCKED
     ))`,
    [before.succeeded.toISOString(), before.failed.toISOString(), limit],
  )
}
