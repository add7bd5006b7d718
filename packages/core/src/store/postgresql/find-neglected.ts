import type { Database } from '../database.js'
import type { NeglectedWork } from '../inspector.js'
import type { Tables } from './tables.js'

/**
 * Whether work has waited for longer than it should. Locks nothing; served by (`enabled`, `nextRun`) and the claim index,
 * of which all entries of waiting runs are read where none has waited for so long: for doctor only.
 */
export async function findNeglected(
  db: Database,
  tables: Tables,
  { stampedWithinMs, seenWithinMs }: { readonly stampedWithinMs: number; readonly seenWithinMs: number },
): Promise<NeglectedWork> {
  const since = (parameter: string): string =>
    `clock_timestamp() - ${parameter}::float8 * interval '1 millisecond'`
  const [reply] = await db.query<NeglectedWork>(
    `SELECT
       EXISTS (SELECT FROM ${tables.task} WHERE enabled AND "nextRun" < ${since('$1')}) OR EXISTS (
         SELECT FROM ${tables.task} WHERE enabled AND "nextRun" IS NULL AND "endedAt" IS NULL AND problem IS NULL
           AND "modifiedAt" < ${since('$1')}
       ) AS tasks,
       EXISTS (SELECT FROM ${tables.run} WHERE state IN ('due', 'scheduled') AND "dueAt" < ${since('$2')}) AND NOT EXISTS (
         SELECT FROM ${tables.worker} WHERE "lastSeenAt" > ${since('$2')}
       ) AS runs`,
    [stampedWithinMs, seenWithinMs],
  )
  if (reply === undefined) throw new Error('The database did not tell whether work is neglected.')
  return reply
}
