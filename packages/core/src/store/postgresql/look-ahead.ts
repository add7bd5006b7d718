import type { Database } from '../database.js'
import type { LookAhead } from '../store.js'
import { asJson, queryJson, readInstant, readInstantOrNull } from './json-rows.js'
import { dueQueues, nextScheduled, scheduledLanes } from './lanes.js'
import { leaseEnd } from './read-lost-runs.js'
import { strangeRunIds } from './strange-runs.js'
import type { Tables } from './tables.js'

interface LookAheadJson extends Omit<LookAhead, 'now' | 'nextScheduled' | 'nextTask' | 'nextLeaseEnd'> {
  readonly now: string
  readonly nextScheduled: string | null
  readonly nextTask: string | null
  readonly nextLeaseEnd: string | null
}

/**
 * What is coming, in one statement. Locks nothing. A few index probes: (`state`, `queue`, `priority`, `dueAt`) by
 * queue and priority, over what is running and between the states, (`enabled`, `nextRun`) at its ends; no row of history or of the future
 * is walked.
 */
export async function lookAhead(db: Database, tables: Tables): Promise<LookAhead> {
  const [reply] = await queryJson<LookAheadJson>(
    db,
    `WITH RECURSIVE ${dueQueues(tables)}, ${scheduledLanes(tables)}
     ${asJson(`(SELECT clock_timestamp() AS now,
       (SELECT coalesce(json_agg(queue), '[]') FROM due_queue WHERE queue IS NOT NULL) AS "dueQueues",
       (${nextScheduled(tables)}) AS "nextScheduled",
       (SELECT "nextRun" FROM ${tables.task} WHERE enabled AND "nextRun" IS NOT NULL ORDER BY "nextRun" LIMIT 1) AS "nextTask",
       EXISTS (
         SELECT FROM ${tables.task} WHERE enabled AND "nextRun" IS NULL AND "endedAt" IS NULL AND problem IS NULL
       ) AS unplanned,
       EXISTS (SELECT FROM ${tables.task} WHERE NOT enabled AND "nextRun" IS NOT NULL) AS paused,
       EXISTS (
         SELECT FROM ${tables.task} WHERE "endedAt" IS NOT NULL AND "nextRun" IS NULL AND enabled IN (true, false)
       ) AS ended,
       (SELECT min(${leaseEnd}) FROM ${tables.run} WHERE state = 'running') AS "nextLeaseEnd",
       EXISTS (${strangeRunIds(tables, '1')}) AS strange)`)}`,
    [],
  )
  if (reply === undefined) throw new Error('The database did not answer what is coming.')
  return {
    ...reply,
    now: readInstant(reply.now),
    nextScheduled: comingInstant(reply.nextScheduled),
    nextTask: comingInstant(reply.nextTask),
    nextLeaseEnd: comingInstant(reply.nextLeaseEnd),
  }
}

/** What plain SQL wrote and a `Date` cannot hold: `infinity` never comes, all else was long ago. */
function comingInstant(text: string | null): Date | null {
  const instant = readInstantOrNull(text)
  if (instant === null || !Number.isNaN(instant.getTime())) return instant
  return text === 'infinity' ? null : new Date(0)
}
