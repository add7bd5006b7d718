import type { ClaimedRun } from '../../run/run-row.js'
import type { Database } from '../database.js'
import type { Claim, ClaimRequest } from '../store.js'
import { readInstant } from './json-rows.js'
import type { Tables } from './tables.js'
import { fetchedUserdata, userdataSize } from './userdata-size.js'

/** The greatest `integer`: a run that plain SQL gave so many attempts is left alone, for one more would not fit. */
const mostAttempts = 2_147_483_647

/** No further runs are claimed once those before have so much userdata, bytes: they come with the next claim. */
const largestClaim = 32 * 1024 * 1024

type ClaimedRunJson = Omit<ClaimedRun, 'dueAt' | 'claimedBefore'> & { readonly dueAt: string }

/**
 * Claims due runs of one queue, higher priorities and longer due ones first. Locks those rows, passing over those
 * another worker is claiming; served by (`state`, `queue`, `priority`, `dueAt`). The ids are gathered into an array
 * first: joined, PostgreSQL may evaluate the limited query more than once, or scan the whole table. Userdata that is too
 * large is not fetched, and of large ones no more than fit in memory together. The runs come as one JSON text of their
 * own, for JSON inside JSON is written twice.
 */
export async function claimRuns(
  db: Database,
  tables: Tables,
  now: Date,
  request: ClaimRequest,
): Promise<Claim> {
  const [reply] = await db.query<{ now: string; found: number; runs: string; again: string }>(
    `WITH first AS MATERIALIZED (
       SELECT id, priority, "dueAt", ${userdataSize('userdata')} AS size, "workerId" IS NOT NULL AS again
       FROM ${tables.run} WHERE state = 'due' AND queue = $4 AND callable = ANY($5::text[]) AND attempt < ${mostAttempts}
       ORDER BY priority DESC, "dueAt" LIMIT $6 FOR UPDATE SKIP LOCKED
     ), claimed AS (
       UPDATE ${tables.run} SET state = 'running', attempt = attempt + 1, "workerId" = $1::uuid, "leaseToken" = $2::uuid,
         "leaseUntil" = $3::timestamptz, "startedAt" = NULL
       WHERE id = ANY(ARRAY(
         SELECT id FROM (
           SELECT id, sum(size) OVER (ORDER BY priority DESC, "dueAt", id) - size AS before FROM first
         ) AS counted WHERE before < ${largestClaim}
       ))
       RETURNING id, "taskId", label, callable, "modelName", "modelKey", ${fetchedUserdata('userdata')}, queue, priority,
         "dueAt", attempt, "maxAttempts", backoff, "timeoutSeconds", "onMissingRecord", "uniqueKey"
     )
     SELECT to_json(clock_timestamp()) #>> '{}' AS now,
       (SELECT count(*)::int FROM first) AS found,
       (SELECT coalesce(json_agg(id), '[]')::text FROM first WHERE again) AS again,
       (SELECT coalesce(json_agg(to_json(run) ORDER BY run.priority DESC, run."dueAt"), '[]')::text FROM claimed AS run) AS runs`,
    [
      request.workerId,
      request.leaseToken,
      new Date(now.getTime() + request.leaseMs).toISOString(),
      request.queue,
      request.callables,
      request.limit,
    ],
  )
  if (reply === undefined) throw new Error('The database did not answer what was claimed.')
  // The shape of both is what the statement selects.
  const again = new Set(JSON.parse(reply.again) as string[])
  const read = (run: ClaimedRunJson): ClaimedRun =>
    // The parsed object itself: a copy of each would be as much work as the parsing.
    Object.assign(run, { dueAt: readInstant(run.dueAt), claimedBefore: again.has(run.id) })
  const runs = (JSON.parse(reply.runs) as ClaimedRunJson[]).map(read)
  return {
    now: readInstant(reply.now),
    more: reply.found === request.limit || reply.found > runs.length,
    runs,
  }
}
