import type { Channels } from '../channels.js'
import type { Database } from '../database.js'
import type { WrittenRun } from '../store.js'
import { givenRows, type GivenRows } from './given-rows.js'
import { insertedRun, skipHeldKeys } from './inserted-run.js'
import { asJson, queryJson, readInstant } from './json-rows.js'
import { notifyEach } from './notify.js'
import { runColumns, type RunCells } from './run-cells.js'
import type { Tables } from './tables.js'

/**
 * Inserts runs, skipping those whose unique key an unfinished run holds. Locks nothing but the new rows; served by
 * the unique index on `activeKey`. Workers are woken once per queue with due runs, the heartbeat for future ones. Of
 * what the caller has given nothing comes back: the reply is the clock, and the ids only when some were skipped.
 *
 * @param runs in the order of their keys, if there are any.
 */
export async function insertRuns(
  db: Database,
  tables: Tables,
  channels: Channels,
  runs: readonly RunCells[],
): Promise<(WrittenRun | null)[]> {
  const keyed = runs.some(({ uniqueKey }) => uniqueKey !== null)
  const given = givenRows(runColumns, runs)
  const { bind } = given
  const { columns, values } = insertedRun(given.expressions, 'clock.now')
  const wakes = keyed ? wakesOfInserted : wakesOfGiven(runs, bind)
  const [reply] = await queryJson<{ now: string; inserted: string[] | null }>(
    db,
    `WITH clock AS MATERIALIZED (SELECT clock_timestamp()::timestamptz(3) AS now),
     inserted AS (
       INSERT INTO ${tables.run} (${columns})
       SELECT ${values} FROM clock, ${given.source}
       ${keyed ? `${skipHeldKeys} RETURNING id, queue, state` : ''}
     ), woken AS (
       ${notifyEach(bind(channels.runTask), wakes.queues)}
       UNION ALL
       ${notifyEach(bind(channels.heartbeat), wakes.heartbeat)}
     ), waking AS (SELECT count(*) FROM woken)
     ${asJson(`(SELECT now, ${keyed ? insertedUnlessAll(bind(runs.length)) : 'NULL'} AS inserted FROM clock, waking)`)}`,
    given.values,
  )
  if (reply === undefined) throw new Error('The statement that enqueues runs had no reply.')
  const now = readInstant(reply.now)
  const inserted = reply.inserted === null ? undefined : new Set(reply.inserted)
  return runs.map(({ id, dueAt }) => {
    if (inserted?.has(id) === false) return null
    const due = dueAt === null ? now : readInstant(dueAt)
    return { id, state: due > now ? 'scheduled' : 'due', dueAt: due }
  })
}

function insertedUnlessAll(count: string): string {
  return `CASE WHEN (SELECT count(*) FROM inserted) < ${count}::integer
    THEN (SELECT coalesce(json_agg(id), '[]') FROM inserted) END`
}

/** Queries of one column: the queues whose workers are woken, and an empty text if the heartbeat is. */
interface Wakes {
  readonly queues: string
  readonly heartbeat: string
}

const wakesOfInserted: Wakes = {
  queues: `SELECT DISTINCT queue FROM inserted WHERE state = 'due'`,
  heartbeat: `SELECT DISTINCT '' FROM inserted WHERE state = 'scheduled'`,
}

/** Without keys all that is given is inserted, so that the database is spared a look at it. */
function wakesOfGiven(runs: readonly RunCells[], bind: GivenRows<string>['bind']): Wakes {
  const earliest = new Map<string, string | null>()
  let latest: string | null = null
  for (const { queue, dueAt } of runs) {
    const known = earliest.get(queue)
    // Instants in the years 1 to 9999 are in the order of their texts.
    if (known === undefined || (known !== null && (dueAt === null || dueAt < known)))
      earliest.set(queue, dueAt)
    if (dueAt !== null && (latest === null || dueAt > latest)) latest = dueAt
  }
  const queues = JSON.stringify([...earliest].map(([queue, dueAt]) => ({ queue, dueAt })))
  return {
    queues: `SELECT queue FROM clock, jsonb_to_recordset(${bind(queues)}::jsonb) AS wake(queue text, "dueAt" timestamptz)
      WHERE "dueAt" > now IS NOT TRUE`,
    heartbeat: `SELECT '' FROM clock WHERE ${bind(latest)}::timestamptz > now`,
  }
}
