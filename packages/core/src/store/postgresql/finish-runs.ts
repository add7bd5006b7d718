import type { Database } from '../database.js'
import type { Channels } from '../channels.js'
import type { Finish, FinishReply, Rescue } from '../store.js'
import { chunksOf } from './chunks.js'
import { asJson, queryJson } from './json-rows.js'
import { notifyEach } from './notify.js'
import { readableLeaseEnd } from './read-lost-runs.js'
import { mostCpuMs, succeedRuns } from './succeed-runs.js'
import type { Tables } from './tables.js'

/** How many entries the attempt log keeps. */
const logLimit = 50

/** What plain SQL wrote in its place is no log. */
const log = `CASE WHEN jsonb_typeof(r.attempts) = 'array' THEN r.attempts ELSE '[]' END`

/** The state stands where no index serves it: the planner would walk what is running. */
const known = `r.id = given.id AND r."leaseToken" IS NOT DISTINCT FROM given.token
  AND (given.rescued IS NULL OR r.state = 'running' AND ${readableLeaseEnd} IS NOT DISTINCT FROM given.until)`

/** An end, and its place among those that were given. */
interface Numbered {
  readonly n: number
  readonly finish: Finish | Rescue
}

interface ReplyJson {
  readonly n: number
  readonly reply: FinishReply
}

/** Ends attempts: those that simply succeeded in one statement, the others in another. */
export async function finishRuns(
  db: Database,
  tables: Tables,
  channels: Channels,
  now: Date,
  finishes: readonly (Finish | Rescue)[],
): Promise<FinishReply[]> {
  const passedOver = await succeedRuns(db, tables, now, finishes.filter(isPlain))
  const replies = finishes.map((finish): FinishReply | undefined =>
    isPlain(finish) && !passedOver.has(finish.id) ? 'succeeded' : undefined,
  )
  if (replies.every((reply) => reply !== undefined)) return replies
  const left = (): Numbered[] =>
    finishes.flatMap((finish, n) => (replies[n] === undefined ? [{ n, finish }] : [])).sort(byId)
  const others = left().filter(({ finish }) => !isPlain(finish))
  for (const chunk of chunksOf(others.map(toJson), { sizeOf: ({ length }) => length })) {
    for (const { n, reply } of await endRuns(db, tables, channels, now, chunk)) replies[n] = reply
  }
  for (const { n, reply } of await readEnds(db, tables, left().map(name))) replies[n] = reply
  return replies.map((reply) => reply ?? 'lost')
}

/**
 * Ends attempts in whichever way. Locks the runs, in id order, passing over those that another transaction holds, which are told apart
 * from lost ones; served by the primary key, one probe for each run, and then by the place of the locked row: joined to
 * the whole table, PostgreSQL would read all of it as long as it is small. Guarded by id and lease token, and for a
 * rescue by the end of lease it saw. The worker's own token stays on the row: a finish that is sent again after a lost
 * reply finds it, and changes nothing where the attempt has ended. A rescue takes the token away, so that the worker that
 * lost the run is refused. A run is not tried again that somebody asked to cancel while its holder was ending the
 * attempt. Workers are woken for runs that are due again.
 */
async function endRuns(
  db: Database,
  tables: Tables,
  channels: Channels,
  now: Date,
  given: readonly string[],
): Promise<ReplyJson[]> {
  return queryJson<ReplyJson>(
    db,
    `WITH given AS (
       SELECT * FROM jsonb_to_recordset($1::jsonb) AS g(n integer, id uuid, token uuid, rescued boolean, until timestamptz,
         state text, "dueAt" timestamptz, "startedAt" timestamptz, attempt integer, result jsonb, entry jsonb,
         "peakMemory" bigint, "cpuMs" integer, ended boolean, unbegun boolean)
     ), locked AS MATERIALIZED (
       SELECT given.*, held.ctid AS place, held.state AS was,
         given.ended IS NULL AND held."cancelRequestedAt" IS NOT NULL AS cancelled
       FROM given, LATERAL (
         SELECT r.ctid, r.state, r."cancelRequestedAt" FROM ${tables.run} AS r WHERE ${known} FOR UPDATE SKIP LOCKED
       ) AS held
     ), finished AS (
       UPDATE ${tables.run} AS r SET
         state = CASE WHEN ending.cancelled THEN 'cancelled' ELSE ending.state END,
         "dueAt" = coalesce(ending."dueAt", r."dueAt"),
         attempt = ending.attempt,
         result = ending.result,
         "peakMemory" = CASE WHEN ending.unbegun THEN r."peakMemory" ELSE ending."peakMemory" END,
         "cpuMs" = CASE WHEN ending.unbegun THEN r."cpuMs" ELSE ending."cpuMs" END,
         attempts = CASE WHEN ending.entry IS NULL THEN r.attempts ELSE coalesce(
           (SELECT jsonb_agg(kept.value ORDER BY kept.n) FROM jsonb_array_elements(${log}) WITH ORDINALITY AS kept(value, n)
            WHERE kept.n > jsonb_array_length(${log}) - ${logLimit - 1}), '[]') || ending.entry END,
         "activeKey" = CASE WHEN ending.ended OR ending.cancelled THEN NULL ELSE r."activeKey" END,
         "startedAt" = CASE WHEN ending.unbegun THEN NULL ELSE coalesce(ending."startedAt", r."startedAt") END,
         "finishedAt" = CASE WHEN ending.ended OR ending.cancelled THEN $2::timestamptz END,
         "leaseUntil" = NULL,
         "leaseToken" = CASE WHEN ending.rescued THEN NULL ELSE r."leaseToken" END
       FROM locked AS ending
       WHERE r.ctid = ending.place AND ending.was = 'running'
       RETURNING n, r.queue, r.state
     ), woken AS (${notifyEach('$3', `SELECT DISTINCT queue FROM finished WHERE state = 'due'`)}),
     waking AS (SELECT count(*) FROM woken)
     ${asJson('(SELECT n, state AS reply FROM finished, waking)')}`,
    [`[${given.join()}]`, now.toISOString(), channels.runTask],
  )
}

/**
 * What became of attempts that could not be ended: their runs' state, or `held`. Those of lost leases are not found.
 * Locks nothing; served by the primary key.
 */
async function readEnds(db: Database, tables: Tables, given: readonly object[]): Promise<ReplyJson[]> {
  if (given.length === 0) return []
  return queryJson<ReplyJson>(
    db,
    asJson(`(
      SELECT n, CASE r.state WHEN 'running' THEN 'held' ELSE r.state END AS reply
      FROM jsonb_to_recordset($1::jsonb) AS given(n integer, id uuid, token uuid, rescued boolean, until timestamptz)
      JOIN ${tables.run} AS r ON ${known})`),
    [JSON.stringify(given)],
  )
}

/** Whether an attempt succeeded, and there is nothing else to tell of it, as with most. */
function isPlain(finish: Finish | Rescue): finish is Finish {
  const { state, entry } = finish.transition
  return state === 'succeeded' && entry === null && !('leaseUntil' in finish)
}

/** What tells which run is meant, in whose hands. */
function name({ n, finish }: Numbered) {
  const isRescue = 'leaseUntil' in finish
  return {
    n,
    id: finish.id,
    token: finish.leaseToken,
    rescued: isRescue || undefined,
    until: isRescue ? finish.leaseUntil : undefined,
  }
}

/** What is null or false is left out: most ends have little to tell. */
function toJson(numbered: Numbered): string {
  const { finish } = numbered
  const { state, attempt, dueAt, result, entry, peakMemory, cpuMs } = finish.transition
  return JSON.stringify({
    ...name(numbered),
    state,
    attempt,
    startedAt: 'leaseUntil' in finish ? undefined : (finish.startedAt ?? undefined),
    dueAt: dueAt ?? undefined,
    result: result ?? undefined,
    entry: entry ?? undefined,
    peakMemory: peakMemory ?? undefined,
    cpuMs: cpuMs === null ? undefined : Math.min(cpuMs, mostCpuMs),
    ended: state === 'succeeded' || state === 'failed' || state === 'cancelled' || undefined,
    unbegun: (state === 'due' && entry === null) || undefined,
  })
}

/** In the order in which every statement locks runs. */
function byId({ finish: a }: Numbered, { finish: b }: Numbered): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}
