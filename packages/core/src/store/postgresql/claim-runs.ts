import type { ClaimedRun } from '../../run/run-row.js'
import type { Database } from '../database.js'
import type { Claim, ClaimRequest } from '../store.js'
import { asJsonColumns, at, milliseconds, readColumns, type JsonColumns } from './json-columns.js'
import { readInstant } from './json-rows.js'
import type { Tables } from './tables.js'
import { fetchedUserdata, userdataSize } from './userdata-size.js'

/** The greatest `integer`: a run that plain SQL gave so many attempts is left alone, for one more would not fit. */
const mostAttempts = 2_147_483_647

/** No further runs are claimed once those before have so much userdata, bytes: they come with the next claim. */
const largestClaim = 32 * 1024 * 1024

/** A run as JSON brings it; its instant is in milliseconds. */
type ClaimedRunJson = Omit<ClaimedRun, 'dueAt' | 'claimedBefore'> & {
  readonly priority: number
  readonly dueAt: number
}

const columns: Readonly<Record<keyof ClaimedRunJson, string>> = {
  id: 'id',
  taskId: '"taskId"',
  label: 'label',
  callable: 'callable',
  modelName: '"modelName"',
  modelKey: '"modelKey"',
  ...fetchedUserdata('userdata'),
  queue: 'queue',
  priority: 'priority',
  dueAt: milliseconds('"dueAt"'),
  attempt: 'attempt',
  maxAttempts: '"maxAttempts"',
  backoff: 'backoff',
  timeoutSeconds: '"timeoutSeconds"',
  onMissingRecord: '"onMissingRecord"',
  uniqueKey: '"uniqueKey"',
}
const returned = Object.entries(columns).map(([name, value]) => `${value} AS "${name}"`)

/**
 * Claims due runs of one queue, higher priorities and longer due ones first. Locks those rows, passing over those
 * another worker is claiming; served by (`state`, `queue`, `priority`, `dueAt`), and then by the places of the locked
 * rows. The places are gathered into an array first: joined, PostgreSQL may evaluate the limited query more than once, or
 * scan the whole table. Userdata that is too large is not fetched, and of large ones no more than fit in memory together.
 */
export async function claimRuns(
  db: Database,
  tables: Tables,
  now: Date,
  request: ClaimRequest,
): Promise<Claim> {
  const [reply] = await db.query<{ now: string; found: number; runs: string; again: string }>(
    `WITH first AS MATERIALIZED (
       SELECT ctid AS place, id, priority, "dueAt", ${userdataSize('userdata')} AS size, "workerId" IS NOT NULL AS again
       FROM ${tables.run} WHERE state = 'due' AND queue = $4 AND callable = ANY($5::text[]) AND attempt < ${mostAttempts}
       ORDER BY priority DESC, "dueAt" LIMIT $6 FOR UPDATE SKIP LOCKED
     ), total AS MATERIALIZED (
       SELECT count(*)::int AS found, sum(size) AS size, coalesce(json_agg(id) FILTER (WHERE again), '[]')::text AS again FROM first
     ), claimed AS (
       UPDATE ${tables.run} SET state = 'running', attempt = attempt + 1, "workerId" = $1::uuid, "leaseToken" = $2::uuid,
         "leaseUntil" = $3::timestamptz, "startedAt" = NULL
       WHERE ctid = ANY(CASE WHEN (SELECT size FROM total) < ${largestClaim} THEN ARRAY(SELECT place FROM first) ELSE ARRAY(
         SELECT place FROM (
           SELECT place, sum(size) OVER (ORDER BY priority DESC, "dueAt", id) - size AS before FROM first
         ) AS counted WHERE before < ${largestClaim}
       ) END)
       RETURNING ${returned.join(', ')}
     )
     SELECT to_json(clock_timestamp()) #>> '{}' AS now, found, again,
       (SELECT ${asJsonColumns(Object.keys(columns))} FROM claimed) AS runs
     FROM total`,
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
  // The ids of those that the statement tells apart.
  const again = new Set(JSON.parse(reply.again) as string[])
  const read = readColumns<ClaimedRunJson>(reply.runs)
  const runs = inClaimOrder(read).map((n) => claimedRun(read, n, again))
  return {
    now: readInstant(reply.now),
    more: reply.found === request.limit || reply.found > runs.length,
    runs,
  }
}

/** Higher priorities and longer due ones first: the update came upon them where they lie. */
function inClaimOrder({ id, priority, dueAt }: JsonColumns<ClaimedRunJson>): number[] {
  const places = id?.map((_, n) => n) ?? []
  return places.sort((a, b) => at(priority, b) - at(priority, a) || at(dueAt, a) - at(dueAt, b))
}

function claimedRun(read: JsonColumns<ClaimedRunJson>, n: number, again: ReadonlySet<string>): ClaimedRun {
  const id = at(read.id, n)
  return {
    id,
    taskId: at(read.taskId, n),
    label: at(read.label, n),
    callable: at(read.callable, n),
    modelName: at(read.modelName, n),
    modelKey: at(read.modelKey, n),
    userdata: at(read.userdata, n),
    oversize: at(read.oversize, n),
    queue: at(read.queue, n),
    dueAt: new Date(at(read.dueAt, n)),
    claimedBefore: again.has(id),
    attempt: at(read.attempt, n),
    maxAttempts: at(read.maxAttempts, n),
    backoff: at(read.backoff, n),
    timeoutSeconds: at(read.timeoutSeconds, n),
    onMissingRecord: at(read.onMissingRecord, n),
    uniqueKey: at(read.uniqueKey, n),
  }
}
