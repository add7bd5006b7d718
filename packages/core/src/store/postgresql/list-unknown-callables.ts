import type { Database } from '../database.js'
import type { Tables } from './tables.js'

/**
 * Callables of due runs that a worker does not know, from the first runs of each of its queues. Locks nothing; served
 * by the claim index, of which at most a thousand entries per queue are read.
 */
export async function listUnknownCallables(
  db: Database,
  tables: Tables,
  queues: readonly string[],
  known: readonly string[],
): Promise<string[]> {
  const rows = await db.query<{ callable: string }>(
    `SELECT DISTINCT first.callable FROM unnest($1::text[]) AS wanted(queue), LATERAL (
       SELECT r.callable FROM ${tables.run} AS r WHERE r.state = 'due' AND r.queue = wanted.queue
       ORDER BY r.priority DESC, r."dueAt" LIMIT 1000
     ) AS first WHERE first.callable <> ALL($2::text[]) ORDER BY first.callable`,
    [queues, known],
  )
  return rows.map((row) => row.callable)
}
