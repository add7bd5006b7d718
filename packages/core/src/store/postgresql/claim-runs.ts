import type { ClaimedRun, StartedTask } from '../../run/run-row.js'
import type { Claim, ClaimRequest } from '../claim.js'
import type { Database } from '../database.js'
import { asJsonColumns, at, milliseconds, readColumns, type JsonColumns } from './json-columns.js'
import { readInstant } from './json-rows.js'
import { readStartedTask, startedTaskColumns, type StartedTaskJson } from './started-task.js'
import type { Tables } from './tables.js'
import { unlessUsual } from './unless-usual.js'
import { fetchedUserdata, userdataSize } from './userdata-size.js'

/** The greatest `integer`: a run that plain SQL gave so many attempts is left alone, for one more would not fit. */
const mostAttempts = 2_147_483_647

/** No further runs are claimed once those before have so much userdata, bytes: they come with the next claim. */
const largestClaim = 32 * 1024 * 1024

/** A task is read along if its userdata takes fewer bytes, as it is stored and written out. */
const muchForTask = 2_000

type Always = 'id' | 'taskId' | 'callable' | 'userdata' | 'attempt'
type BoundRecord = Pick<ClaimedRun, 'modelName' | 'modelKey'>
type Seldom = Omit<ClaimedRun, Always | keyof BoundRecord | 'queue' | 'dueAt' | 'claimedBefore' | 'label'> & {
  /** Null where it is the callable's path. */
  readonly label: string | null
  readonly priority: number
}

/** A run as JSON brings it. */
type ClaimedRunJson = Pick<ClaimedRun, Always> & {
  /** Milliseconds. */
  readonly dueAt: number
  /** Null without a bound record. */
  readonly record: BoundRecord | null
  /** Null when all of it is as usual. */
  readonly seldom: Seldom | null
}

const usual = {
  label: null,
  priority: 0,
  oversize: null,
  maxAttempts: 5,
  backoff: null,
  timeoutSeconds: null,
  onMissingRecord: 'fail',
  uniqueKey: null,
} satisfies Seldom

const { userdata, oversize } = fetchedUserdata('userdata')

const columns: Readonly<Record<keyof ClaimedRunJson, string>> = {
  id: 'id',
  taskId: '"taskId"',
  callable: 'callable',
  userdata,
  dueAt: milliseconds('"dueAt"'),
  attempt: 'attempt',
  record: `CASE WHEN "modelName" IS NOT NULL OR "modelKey" IS NOT NULL
    THEN json_build_object('modelName', "modelName", 'modelKey', "modelKey") END`,
  seldom: unlessUsual(usual, {
    label: 'nullif(label, callable)',
    priority: 'priority',
    oversize,
    maxAttempts: '"maxAttempts"',
    backoff: 'backoff',
    timeoutSeconds: '"timeoutSeconds"',
    onMissingRecord: '"onMissingRecord"',
    uniqueKey: '"uniqueKey"',
  }),
}
const returned = Object.entries(columns).map(([name, value]) => `${value} AS "${name}"`)

/**
 * Claims due runs of one queue, higher priorities and longer due ones first. Locks those rows, passing over those
 * another worker is claiming; served by (`state`, `queue`, `priority`, `dueAt`), and then by the places of the locked
 * rows. The places are gathered into an array first: joined, PostgreSQL may evaluate the limited query more than once, or
 * scan the whole table. Userdata that is too large is not fetched, and of large ones no more than fit in memory together.
 * Their tasks are read along, served by the primary key.
 */
export async function claimRuns(
  db: Database,
  tables: Tables,
  now: Date,
  request: ClaimRequest,
): Promise<Claim> {
  const [reply] = await db.query<{
    now: string
    found: number
    runs: string
    tasks: string | null
    again: string
  }>(
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
       (SELECT ${asJsonColumns(Object.keys(columns))} FROM claimed) AS runs,
       (SELECT json_agg(t)::text FROM (
         SELECT ${startedTaskColumns}, userdata FROM ${tables.task}
         WHERE id = ANY(ARRAY(SELECT "taskId" FROM claimed))
           AND CASE WHEN pg_column_size(userdata) < ${muchForTask} THEN octet_length(userdata::text) < ${muchForTask} END
       ) AS t) AS tasks
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
  const runs = inClaimOrder(read).map((n) => claimedRun(read, n, request.queue, again))
  return {
    now: readInstant(reply.now),
    more: reply.found === request.limit || reply.found > runs.length,
    runs,
    tasks: readTasks(reply.tasks),
  }
}

function readTasks(text: string | null): ReadonlyMap<string, StartedTask> {
  const tasks = text === null ? [] : (JSON.parse(text) as StartedTaskJson[])
  return new Map(tasks.map((task) => [task.id, readStartedTask(task)]))
}

/** Higher priorities and longer due ones first: the update came upon them where they lie. */
function inClaimOrder({ id, seldom, dueAt }: JsonColumns<ClaimedRunJson>): number[] {
  const places = id?.map((_, n) => n) ?? []
  const priority = (n: number): number => (at(seldom, n) ?? usual).priority
  return places.sort((a, b) => priority(b) - priority(a) || at(dueAt, a) - at(dueAt, b))
}

function claimedRun(
  read: JsonColumns<ClaimedRunJson>,
  n: number,
  queue: string,
  again: ReadonlySet<string>,
): ClaimedRun {
  const id = at(read.id, n)
  const callable = at(read.callable, n)
  const record = at(read.record, n)
  const rest = at(read.seldom, n) ?? usual
  return {
    id,
    taskId: at(read.taskId, n),
    label: rest.label ?? callable,
    callable,
    modelName: record?.modelName ?? null,
    modelKey: record?.modelKey ?? null,
    userdata: at(read.userdata, n),
    oversize: rest.oversize,
    queue,
    dueAt: new Date(at(read.dueAt, n)),
    claimedBefore: again.has(id),
    attempt: at(read.attempt, n),
    maxAttempts: rest.maxAttempts,
    backoff: rest.backoff,
    timeoutSeconds: rest.timeoutSeconds,
    onMissingRecord: rest.onMissingRecord,
    uniqueKey: rest.uniqueKey,
  }
}
