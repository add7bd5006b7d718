import type { Database } from '../database.js'
import type { Channels } from '../channels.js'
import type { Finish, FinishReply, Rescue } from '../store.js'
import { asJson, queryJson } from './json-rows.js'
import { notifyEach } from './notify.js'
import { readableLeaseEnd } from './read-lost-runs.js'
import type { Tables } from './tables.js'

/** How many entries the attempt log keeps. */
const logLimit = 50

/** What plain SQL wrote in its place is no log. */
const log = `CASE WHEN jsonb_typeof(r.attempts) = 'array' THEN r.attempts ELSE '[]' END`

/** A run is not tried again that somebody asked to cancel while its holder was ending the attempt. */
const cancelled = `(NOT given.ended AND r."cancelRequestedAt" IS NOT NULL)`

/** Milliseconds of CPU time the column holds: 24 days. */
const mostCpuMs = 2_147_483_647

/**
 * Ends attempts. Locks the runs, in id order, passing over those that another transaction holds, which are told apart
 * from lost ones; served by the primary key. Guarded by id and lease token, and for a rescue by the end of lease it saw.
 * The worker's own token stays on the row: a finish that is sent again after a lost reply finds it, and changes nothing
 * where the attempt has ended. A rescue takes the token away, so that the worker that lost the run is refused. Workers
 * are woken for runs that are due again.
 */
export async function finishRuns(
  db: Database,
  tables: Tables,
  channels: Channels,
  now: Date,
  finishes: readonly (Finish | Rescue)[],
): Promise<FinishReply[]> {
  const given = finishes.map((finish, n) => {
    const { id, leaseToken, transition } = finish
    const rescued = 'leaseUntil' in finish
    return {
      n,
      id,
      token: leaseToken,
      rescued,
      until: rescued ? finish.leaseUntil : null,
      ...transition,
      cpuMs: transition.cpuMs === null ? null : Math.min(transition.cpuMs, mostCpuMs),
      ended: ['succeeded', 'failed', 'cancelled'].includes(transition.state),
      given: transition.state === 'due' && transition.entry === null,
    }
  })
  // The state stands where no index serves it: the planner would walk what is running.
  const known = `FROM given JOIN ${tables.run} AS r ON r.id = given.id
    WHERE r."leaseToken" IS NOT DISTINCT FROM given.token
      AND (NOT given.rescued OR r.state = 'running' AND ${readableLeaseEnd} IS NOT DISTINCT FROM given.until)`
  const rows = await queryJson<{ n: number; reply: FinishReply }>(
    db,
    `WITH given AS (
       SELECT * FROM jsonb_to_recordset($1::jsonb) AS g(n integer, id uuid, token uuid, rescued boolean, until timestamptz,
         state text, "dueAt" timestamptz, attempt integer, result jsonb, entry jsonb, "peakMemory" bigint, "cpuMs" integer,
         ended boolean, given boolean)
     ), known AS (SELECT n ${known}),
     locked AS (SELECT n, r.state ${known} ORDER BY r.id FOR UPDATE OF r SKIP LOCKED),
     finished AS (
       UPDATE ${tables.run} AS r SET
         state = CASE WHEN ${cancelled} THEN 'cancelled' ELSE given.state END,
         "dueAt" = coalesce(given."dueAt", r."dueAt"),
         attempt = given.attempt,
         result = given.result,
         "peakMemory" = CASE WHEN given.given THEN r."peakMemory" ELSE given."peakMemory" END,
         "cpuMs" = CASE WHEN given.given THEN r."cpuMs" ELSE given."cpuMs" END,
         attempts = CASE WHEN given.entry IS NULL THEN r.attempts ELSE coalesce(
           (SELECT jsonb_agg(kept.value ORDER BY kept.n) FROM jsonb_array_elements(${log}) WITH ORDINALITY AS kept(value, n)
            WHERE kept.n > jsonb_array_length(${log}) - ${logLimit - 1}), '[]') || given.entry END,
         "activeKey" = CASE WHEN given.ended OR ${cancelled} THEN NULL ELSE r."activeKey" END,
         "startedAt" = CASE WHEN given.given THEN NULL ELSE r."startedAt" END,
         "finishedAt" = CASE WHEN given.ended OR ${cancelled} THEN $2::timestamptz END,
         "leaseUntil" = NULL,
         "leaseToken" = CASE WHEN given.rescued THEN NULL ELSE r."leaseToken" END
       FROM given JOIN locked USING (n)
       WHERE r.id = given.id AND locked.state = 'running'
       RETURNING n, r.queue, r.state
     ), woken AS (${notifyEach('$3', `SELECT DISTINCT queue FROM finished WHERE state = 'due'`)}),
     waking AS (SELECT count(*) FROM woken)
     ${asJson(`(
       SELECT n, coalesce(finished.state, locked.state, 'held') AS reply
       FROM known LEFT JOIN locked USING (n) LEFT JOIN finished USING (n), waking)`)}`,
    [JSON.stringify(given), now.toISOString(), channels.runTask],
  )
  const replies = new Map(rows.map(({ n, reply }) => [n, reply]))
  return finishes.map((_, n) => replies.get(n) ?? 'lost')
}
