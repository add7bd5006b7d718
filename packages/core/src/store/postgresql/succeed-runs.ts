import type { JsonValue } from '../../json/json-value.js'
import type { Database } from '../database.js'
import type { Finish } from '../store.js'
import { boundRows, instant, milliseconds, type BoundColumn } from './bound-rows.js'
import { cellsSize, chunksOf } from './chunks.js'
import type { Tables } from './tables.js'

/** Milliseconds of CPU time the column holds: 24 days. */
export const mostCpuMs = 2_147_483_647

const columns = {
  id: ['uuid', ({ id }) => id],
  token: ['uuid', ({ token }) => token],
  startedAt: ['double precision', ({ startedAt }) => startedAt],
  result: ['text', ({ result }) => result],
  peakMemory: ['bigint', ({ peakMemory }) => peakMemory],
  cpuMs: ['integer', ({ cpuMs }) => cpuMs],
} satisfies Record<string, BoundColumn<Success>>

type Success = ReturnType<typeof success>

function success({ id, leaseToken, startedAt, transition: { result, peakMemory, cpuMs } }: Finish) {
  return {
    id,
    token: leaseToken,
    startedAt: milliseconds(startedAt ?? null),
    result: textOf(result),
    peakMemory,
    cpuMs: cpuMs === null ? null : Math.min(cpuMs, mostCpuMs),
  }
}

/**
 * Ends attempts that succeeded and have nothing else to tell, as most do: what `finishRuns` does for all, at half the
 * cost. Locks the runs, in id order, passing over those that another transaction holds; served by the primary key, read
 * along for all ids at once, and then by the places of the locked rows, visited once: a probe for each run costs half as
 * much again. By a query for the ids the planner does not count them: for many it would read the whole table. Guarded by
 * id and lease token.
 *
 * @returns the ids of those that were passed over; what became of them is to be asked.
 */
export async function succeedRuns(
  db: Database,
  tables: Tables,
  now: Date,
  finishes: readonly Finish[],
): Promise<ReadonlySet<string>> {
  const left = new Set<string>()
  for (const chunk of chunksOf(finishes.map(success), { sizeOf: cellsSize })) {
    const succeeded = await succeedChunk(db, tables, now, chunk)
    if (succeeded !== 'all') for (const { id } of chunk) if (!succeeded.has(id)) left.add(id)
  }
  return left
}

async function succeedChunk(
  db: Database,
  tables: Tables,
  now: Date,
  chunk: readonly Success[],
): Promise<'all' | ReadonlySet<string>> {
  const given = boundRows(chunk, columns, { alias: 'given', first: 3 })
  const [reply] = await db.query<{ ids: string | null }>(
    `WITH locked AS MATERIALIZED (
       SELECT ctid AS place, state FROM ${tables.run} WHERE id = ANY(ARRAY(SELECT unnest($3::uuid[]))) FOR UPDATE SKIP LOCKED
     ), succeeded AS (
       UPDATE ${tables.run} AS r SET
         state = 'succeeded',
         result = given.result::jsonb,
         "peakMemory" = given."peakMemory",
         "cpuMs" = given."cpuMs",
         "activeKey" = NULL,
         "startedAt" = coalesce(${instant('given."startedAt"')}, r."startedAt"),
         "finishedAt" = $1::timestamptz,
         "leaseUntil" = NULL
       FROM ${given.source}
       WHERE r.ctid = ANY(ARRAY(SELECT place FROM locked WHERE state = 'running'))
         AND r.id = given.id AND r."leaseToken" = given.token
       RETURNING r.id
     )
     SELECT CASE WHEN (SELECT count(*) FROM succeeded) < $2::integer
       THEN (SELECT coalesce(json_agg(id), '[]')::text FROM succeeded) END AS ids`,
    [now.toISOString(), chunk.length, ...given.values],
  )
  if (reply === undefined) throw new Error('The database did not answer what was ended.')
  return reply.ids === null ? 'all' : new Set(JSON.parse(reply.ids) as string[])
}

function textOf(result: JsonValue): string | null {
  return result === null ? null : JSON.stringify(result)
}
