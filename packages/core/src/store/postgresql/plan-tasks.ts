import type { Database } from '../database.js'
import type { Plan } from '../store.js'
import { isAsRead, readColumns, readColumnTypes } from './as-read.js'
import type { Tables } from './tables.js'

/**
 * Gives tasks their first instant. Locks them, in id order, passing over those another heartbeat holds and those
 * changed since they were read; served by their primary key.
 */
export async function planTasks(db: Database, tables: Tables, plans: readonly Plan[]): Promise<number> {
  const given = plans.map((plan) => ({
    ...readColumns(plan.read),
    nextRun: plan.nextRun,
    endedAt: plan.endedAt,
    problem: plan.problem,
  }))
  return db.execute(
    `WITH given AS (
       SELECT * FROM jsonb_to_recordset($1::jsonb)
         AS g(${readColumnTypes}, "nextRun" timestamptz, "endedAt" timestamptz, problem text)
     ), locked AS (
       SELECT t.id, given."nextRun", given."endedAt", given.problem
       FROM ${tables.task} AS t JOIN given ON t.id = given.id
       WHERE ${isAsRead}
       ORDER BY t.id FOR UPDATE OF t SKIP LOCKED
     )
     UPDATE ${tables.task} AS t SET "nextRun" = l."nextRun", "endedAt" = l."endedAt", problem = l.problem
     FROM locked AS l WHERE t.id = l.id`,
    [JSON.stringify(given)],
  )
}
