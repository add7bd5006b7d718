import type { ClaimedRun } from '../../run/run-row.js'
import type { Database } from '../database.js'
import type { ClaimRequest } from '../store.js'
import { asJson, queryJson, readInstant } from './json-rows.js'
import type { Tables } from './tables.js'

/** The greatest `integer`: a run that plain SQL gave so many attempts is left alone, for one more would not fit. */
const mostAttempts = 2_147_483_647

type ClaimedRunJson = Omit<ClaimedRun, 'dueAt'> & { readonly dueAt: string }

/**
 * Claims due runs of one queue, higher priorities and longer due ones first. Locks those rows, passing over those
 * another worker is claiming; served by (`state`, `queue`, `priority`, `dueAt`). The ids are gathered into an array
 * first: joined, PostgreSQL may evaluate the limited query more than once, or scan the whole table.
 */
export async function claimRuns(
  db: Database,
  tables: Tables,
  now: Date,
  request: ClaimRequest,
): Promise<ClaimedRun[]> {
  const rows = await queryJson<ClaimedRunJson>(
    db,
    `WITH claimed AS (
       UPDATE ${tables.run} SET state = 'running', attempt = attempt + 1, "workerId" = $1::uuid, "leaseToken" = $2::uuid,
         "leaseUntil" = $3::timestamptz, "startedAt" = NULL
       WHERE id = ANY(ARRAY(
         SELECT id FROM ${tables.run} WHERE state = 'due' AND queue = $4 AND callable = ANY($5::text[])
           AND attempt < ${mostAttempts}
         ORDER BY priority DESC, "dueAt" LIMIT $6 FOR UPDATE SKIP LOCKED
       ))
       RETURNING id, "taskId", label, callable, "modelName", "modelKey", userdata, queue, priority, "dueAt", attempt,
         "maxAttempts", backoff, "timeoutSeconds", "onMissingRecord", "uniqueKey"
     )
     ${asJson('claimed', ` ORDER BY item.priority DESC, item."dueAt"`)}`,
    [
      request.workerId,
      request.leaseToken,
      new Date(now.getTime() + request.leaseMs).toISOString(),
      request.queue,
      request.callables,
      request.limit,
    ],
  )
  return rows.map((row) => ({ ...row, dueAt: readInstant(row.dueAt) }))
}
