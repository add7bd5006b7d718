import type { Database } from '../database.js'
import type { Plan } from '../store.js'
import { lockedAsRead, readColumns } from './as-read.js'
import { boundRows, instant, instants, type BoundColumn } from './bound-rows.js'
import type { Tables } from './tables.js'

const columns = {
  ...readColumns,
  nextRun: instants(({ nextRun }) => nextRun),
  endedAt: instants(({ endedAt }) => endedAt),
  problem: ['text', ({ problem }) => problem],
} satisfies Record<string, BoundColumn<Plan>>

/**
 * Gives tasks their first instant. Locks them, passing over those another transaction holds and those changed since they
 * were read; served by their places.
 */
export async function planTasks(db: Database, tables: Tables, plans: readonly Plan[]): Promise<number> {
  const given = boundRows(plans, columns, { alias: 'given', first: 1 })
  return db.execute(
    `WITH locked AS MATERIALIZED (
       ${lockedAsRead(tables, { before: '(SELECT) AS nothing', given: given.source, places: given.parameters.place, columns: 'enabled' })}
     )
     UPDATE ${tables.task} AS t SET
       "nextRun" = ${instant('given."nextRun"')}, "endedAt" = ${instant('given."endedAt"')}, problem = given.problem
     FROM ${given.source} WHERE t.ctid = ANY(ARRAY(SELECT at FROM locked)) AND t.id = given.id`,
    given.values,
  )
}
