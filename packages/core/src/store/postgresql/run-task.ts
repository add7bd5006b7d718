import type { Channels } from '../channels.js'
import type { Database } from '../database.js'
import type { Store, TaskKey } from '../store.js'
import { readWrittenRun, type WrittenRunJson } from './written-run.js'
import { asJson, queryJson } from './json-rows.js'
import { notifyEach } from './notify.js'
import type { Tables } from './tables.js'

/** Columns a run copies from its task. */
export const copiedColumns = `label, callable, "modelName", "modelKey", userdata, queue, priority, "maxAttempts", backoff, "timeoutSeconds", "onMissingRecord"`

/**
 * Enqueues a run of one task at once. Locks the task's key against deletion by its foreign key; served by the primary
 * key or the unique index on `key`.
 */
export async function runTask(
  db: Database,
  tables: Tables,
  channels: Channels,
  where: TaskKey,
  runId: string,
): ReturnType<Store['runTask']> {
  const [reply] = await queryJson<{ activeKey: string | null; run: WrittenRunJson | null }>(
    db,
    `WITH wanted AS (SELECT * FROM ${tables.task} WHERE ${'id' in where ? 'id = $1::uuid' : 'key = $1'}),
     inserted AS (
       INSERT INTO ${tables.run} (id, "taskId", state, "dueAt", "activeKey", ${copiedColumns})
       SELECT $2::uuid, id, 'due', clock_timestamp(), CASE WHEN NOT "allowOverlap" THEN 't:' || id END, ${copiedColumns}
       FROM wanted
       ON CONFLICT ("activeKey") DO NOTHING
       RETURNING id, state, "dueAt", queue
     ), woken AS (${notifyEach('$3', `SELECT queue FROM inserted`)}),
     waking AS (SELECT count(*) FROM woken)
     ${asJson(`(
       SELECT (SELECT 't:' || id FROM wanted) AS "activeKey",
         (SELECT to_json(i) FROM (SELECT id, state, "dueAt" FROM inserted) AS i) AS run
       FROM waking)`)}`,
    ['id' in where ? where.id : where.key, runId, channels.runTask],
  )
  if (reply === undefined || reply.activeKey === null) return { refused: 'missing' }
  return reply.run === null ? { refused: 'active', activeKey: reply.activeKey } : readWrittenRun(reply.run)
}
