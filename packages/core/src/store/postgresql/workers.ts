import type { JsonObject } from '../../json/json-value.js'
import type { Database } from '../database.js'
import type { WorkerRow } from '../store.js'
import type { Tables } from './tables.js'

/** Writes a worker's row, also when it was pruned or written before. Locks that row; served by the primary key. */
export async function registerWorker(
  db: Database,
  tables: Tables,
  now: Date,
  worker: WorkerRow,
): Promise<void> {
  await db.execute(
    `INSERT INTO ${tables.worker} (id, host, pid, concurrency, "startedAt", "lastSeenAt")
     VALUES ($1::uuid, $2, $3::integer, $4::integer, $5::timestamptz, $5::timestamptz)
     ON CONFLICT (id) DO UPDATE SET "lastSeenAt" = excluded."lastSeenAt"`,
    [worker.id, worker.host, worker.pid, worker.concurrency, now.toISOString()],
  )
}

/** Workers that did not end in order and were seen since an instant. Locks nothing; the small table is read whole. */
export async function listLiveWorkers(db: Database, tables: Tables, since: Date): Promise<WorkerRow[]> {
  return db.query<WorkerRow>(
    `SELECT id::text, host, pid, concurrency FROM ${tables.worker}
     WHERE "stoppedAt" IS NULL AND "lastSeenAt" >= $1::timestamptz`,
    [since.toISOString()],
  )
}

/** Says that a worker lives. Locks its row; served by the primary key. */
export async function touchWorker(
  db: Database,
  tables: Tables,
  now: Date,
  id: string,
  metrics: JsonObject,
): Promise<void> {
  await db.execute(
    `UPDATE ${tables.worker} SET "lastSeenAt" = $2::timestamptz, metrics = $3::jsonb WHERE id = $1::uuid`,
    [id, now.toISOString(), JSON.stringify(metrics)],
  )
}

/** Says that a worker ended in order. Locks its row; served by the primary key. */
export async function stopWorker(
  db: Database,
  tables: Tables,
  now: Date,
  id: string,
  metrics: JsonObject,
): Promise<void> {
  await db.execute(
    `UPDATE ${tables.worker} SET "lastSeenAt" = $2::timestamptz, "stoppedAt" = $2::timestamptz, metrics = $3::jsonb
     WHERE id = $1::uuid`,
    [id, now.toISOString(), JSON.stringify(metrics)],
  )
}

/**
 * Forgets workers that were not seen for long. Locks their rows, passing over held ones; the table holds one row per
 * process, so it is read whole.
 */
export async function pruneWorkers(db: Database, tables: Tables, before: Date): Promise<number> {
  return db.execute(
    `DELETE FROM ${tables.worker} WHERE id = ANY(ARRAY(
       SELECT id FROM ${tables.worker} WHERE "lastSeenAt" < $1::timestamptz FOR UPDATE SKIP LOCKED
     ))`,
    [before.toISOString()],
  )
}
