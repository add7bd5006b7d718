import type { Database } from '../database.js'
import type { StrangeRun } from '../store.js'
import { asJson, queryJson } from './json-rows.js'
import type { Tables } from './tables.js'

/** Every state there is, as any collation sorts them. */
const states = ['cancelled', 'due', 'failed', 'running', 'scheduled', 'succeeded']

/** What lies before, between and behind the states: so the claim index is asked seven times, however long history is. */
const gaps = [...states, undefined].map((state, n) => {
  const above = n === 0 ? [] : [`state > '${states[n - 1]}'`]
  const below = state === undefined ? [] : [`state < '${state}'`]
  return [...above, ...below].join(' AND ')
})

/**
 * A query of the ids of runs that plain SQL wrote in a state there is not. Served by the `state` prefix of the
 * claim index.
 */
export function strangeRunIds(tables: Tables, limit: string): string {
  return gaps
    .map((where) => `(SELECT id FROM ${tables.run} WHERE ${where} ORDER BY state LIMIT ${limit})`)
    .join(' UNION ALL ')
}

/**
 * Ends runs that plain SQL wrote in a state there is not, and frees their keys; the attempt log says why. Locks
 * them, in id order, passing over held ones; served by the `state` prefix of the claim index and the primary key.
 */
export async function endStrangeRuns(
  db: Database,
  tables: Tables,
  now: Date,
  limit: number,
): Promise<StrangeRun[]> {
  const known = states.map((state) => `'${state}'`).join(', ')
  return queryJson<StrangeRun>(
    db,
    `WITH strange AS (
       SELECT id, format('Its state "%s" is none of ${states.join(', ')}.', left(state, 100)) AS reason
       FROM ${tables.run}
       WHERE id = ANY(ARRAY(${strangeRunIds(tables, '$2')})) AND state NOT IN (${known})
       ORDER BY id FOR UPDATE SKIP LOCKED
     ), ended AS (
       UPDATE ${tables.run} AS r SET state = 'failed', "finishedAt" = $1::timestamptz, "activeKey" = NULL,
         "leaseToken" = NULL, "leaseUntil" = NULL,
         attempts = CASE WHEN jsonb_typeof(r.attempts) = 'array' THEN r.attempts ELSE '[]' END || jsonb_build_object(
           'attempt', r.attempt, 'cause', 'discard', 'reason', strange.reason, 'endedAt', $3::text)
       FROM strange WHERE r.id = strange.id
       RETURNING r.id, r.label, strange.reason
     )
     ${asJson('ended')}`,
    [now.toISOString(), limit, now.toISOString()],
  )
}
