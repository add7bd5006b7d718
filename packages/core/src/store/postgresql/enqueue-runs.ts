import type { NewRun } from '../../run/run-row.js'
import type { Channels } from '../channels.js'
import type { Database } from '../database.js'
import type { WrittenRun } from '../store.js'
import { asJson, queryJson, readInstant } from './json-rows.js'
import { notifyEach } from './notify.js'
import type { Tables } from './tables.js'

/** A run as the statements that insert one return it. */
export interface WrittenRunJson {
  readonly id: string
  readonly state: 'due' | 'scheduled'
  readonly dueAt: string
}

export function readWrittenRun(row: WrittenRunJson): WrittenRun {
  return { id: row.id, state: row.state, dueAt: readInstant(row.dueAt) }
}

/**
 * Inserts runs, skipping those whose unique key an unfinished run holds. Locks nothing but the new rows; served by
 * the unique index on `activeKey`. Workers are woken once per queue with due runs, the heartbeat for future ones.
 */
export async function enqueueRuns(
  db: Database,
  tables: Tables,
  channels: Channels,
  runs: readonly NewRun[],
): Promise<(WrittenRun | null)[]> {
  const written = await queryJson<WrittenRunJson>(
    db,
    `WITH inserted AS (
       INSERT INTO ${tables.run} (id, label, callable, "modelName", "modelKey", userdata, queue, priority,
         "maxAttempts", backoff, "timeoutSeconds", state, "dueAt", "uniqueKey", "activeKey")
       SELECT g.id, g.label, g.callable, g."modelName", g."modelKey", g.userdata, g.queue, g.priority,
         g."maxAttempts", g.backoff, g."timeoutSeconds",
         CASE WHEN g."dueAt" > clock_timestamp() THEN 'scheduled' ELSE 'due' END,
         coalesce(g."dueAt", clock_timestamp()), g."uniqueKey", 'u:' || g."uniqueKey"
       FROM jsonb_to_recordset($1::jsonb) AS g(id uuid, label text, callable text, "modelName" text, "modelKey" jsonb,
         userdata jsonb, queue text, priority integer, "maxAttempts" integer, backoff jsonb,
         "timeoutSeconds" integer, "dueAt" timestamptz, "uniqueKey" text)
       ON CONFLICT ("activeKey") DO NOTHING
       RETURNING id, state, "dueAt", queue
     ), woken AS (
       ${notifyEach('$2', `SELECT DISTINCT queue FROM inserted WHERE state = 'due'`)}
       UNION ALL
       ${notifyEach('$3', `SELECT DISTINCT '' FROM inserted WHERE state = 'scheduled'`)}
     ), waking AS (SELECT count(*) FROM woken)
     ${asJson(`(SELECT id, state, "dueAt" FROM inserted, waking)`)}`,
    [JSON.stringify(runs.toSorted(byUniqueKey)), channels.runTask, channels.heartbeat],
  )
  const byId = new Map(written.map((row) => [row.id, readWrittenRun(row)]))
  return runs.map((run) => byId.get(run.id) ?? null)
}

/** In one order, whatever the caller's, so that two transactions with the same keys do not wait for each other. */
function byUniqueKey(a: NewRun, b: NewRun): number {
  const [keyOfA, keyOfB] = [a.uniqueKey ?? '', b.uniqueKey ?? '']
  return keyOfA < keyOfB ? -1 : keyOfA > keyOfB ? 1 : 0
}
