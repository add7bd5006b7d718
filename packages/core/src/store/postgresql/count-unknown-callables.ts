import type { Database } from '../database.js'
import type { UnknownCallable } from '../inspector.js'
import type { Tables } from './tables.js'

/** Callables that tasks or unfinished runs name and that are not among `known`. Reads every task: for doctor only. */
export async function countUnknownCallables(
  db: Database,
  tables: Tables,
  known: readonly string[],
): Promise<UnknownCallable[]> {
  return db.query<UnknownCallable>(
    `SELECT named.callable, sum(named.tasks)::int AS tasks, sum(named.runs)::int AS runs FROM (
       SELECT t.callable, count(*) AS tasks, 0 AS runs FROM ${tables.task} AS t
       WHERE t."endedAt" IS NULL GROUP BY t.callable
       UNION ALL
       SELECT r.callable, 0, count(*) FROM ${tables.run} AS r
       WHERE r.state IN ('scheduled', 'due', 'running') GROUP BY r.callable
     ) AS named WHERE named.callable <> ALL($1::text[]) GROUP BY named.callable ORDER BY named.callable`,
    [known],
  )
}
