import type { JsonValue } from '../../json/json-value.js'
import type { TaskRow } from '../../task/task-row.js'
import type { Channels } from '../channels.js'
import type { Database } from '../database.js'
import type { NewTask } from '../store.js'
import { asJson, queryJson } from './json-rows.js'
import { notifyEach } from './notify.js'
import { readTaskRow, type TaskRowJson } from './task-row-json.js'
import type { Tables } from './tables.js'

const columns = {
  key: 'text',
  label: 'text',
  callable: 'text',
  modelName: 'text',
  modelKey: 'jsonb',
  userdata: 'jsonb',
  schedule: 'text',
  timezone: 'text',
  enabled: 'boolean',
  startRunning: 'timestamptz',
  endRunning: 'timestamptz',
  waitForSchedule: 'boolean',
  iterations: 'integer',
  allowOverlap: 'boolean',
  misfire: 'text',
  misfireWindow: 'integer',
  misfireLimit: 'integer',
  jitterSeconds: 'integer',
  queue: 'text',
  priority: 'integer',
  maxAttempts: 'integer',
  backoff: 'jsonb',
  timeoutSeconds: 'integer',
  onMissingRecord: 'text',
  nextRun: 'timestamptz',
} satisfies Record<keyof NewTask, string>

const names = Object.keys(columns)
const quoted = names.map((name) => `"${name}"`).join(', ')
const typed = Object.entries(columns).map(([name, type]) => `"${name}" ${type}`)

/** Columns that decide when a task runs; as long as they stay the same so do `nextRun` and the iterations left. */
const timing = ['schedule', 'timezone', 'startRunning', 'endRunning', 'waitForSchedule'] as const

/**
 * Inserts a task, or updates the one that has its key. Locks that one row; served by the unique index on `key`.
 * The heartbeat is woken, since the first instant may be nearer than what it waits for.
 */
export async function writeTask(
  db: Database,
  tables: Tables,
  channels: Channels,
  task: NewTask,
): Promise<TaskRow<JsonValue>> {
  const value = (name: string): string => {
    if (name === 'userdata') return `coalesce(given."userdata", '{}')`
    if (name === 'enabled') return `coalesce(given."enabled", true)`
    if (name === 'nextRun') return `CASE WHEN given."enabled" IS NOT FALSE THEN given."nextRun" END`
    return `given."${name}"`
  }
  const row = (alias: string): string => `(${timing.map((name) => `${alias}."${name}"`).join(', ')})`
  const sameTiming = `${row('old')} IS NOT DISTINCT FROM ${row('excluded')}`
  const overwritten = names
    .filter((name) => !['key', 'userdata', 'enabled', 'nextRun', 'iterations'].includes(name))
    .map((name) => `"${name}" = excluded."${name}"`)
  const sql = `
    WITH given AS (SELECT * FROM jsonb_to_record($1::jsonb) AS g(${typed.join(', ')})),
    written AS (
      INSERT INTO ${tables.task} AS old (${quoted}) SELECT ${names.map(value).join(', ')} FROM given
      ON CONFLICT ("key") DO UPDATE SET
        ${overwritten.join(', ')},
        "userdata" = coalesce((SELECT "userdata" FROM given), old."userdata"),
        "enabled" = coalesce((SELECT "enabled" FROM given), old."enabled"),
        "nextRun" = CASE
          WHEN NOT coalesce((SELECT "enabled" FROM given), old."enabled") THEN NULL
          WHEN ${sameTiming} AND (old."nextRun" IS NOT NULL OR old."endedAt" IS NOT NULL) THEN old."nextRun"
          WHEN NOT excluded."waitForSchedule" AND old."lastRun" IS NOT NULL THEN NULL
          ELSE excluded."nextRun" END,
        "iterations" = CASE WHEN ${sameTiming} THEN old."iterations" ELSE excluded."iterations" END,
        "endedAt" = CASE WHEN ${sameTiming} THEN old."endedAt" END,
        "problem" = NULL,
        "modifiedAt" = clock_timestamp()
      RETURNING *
    ), woken AS (${notifyEach('$2', `SELECT '' FROM written`)})
    ${asJson(`(SELECT written.* FROM written, woken)`)}`
  const [written] = await queryJson<TaskRowJson>(db, sql, [JSON.stringify(task), channels.heartbeat])
  if (written === undefined) throw new Error(`Task "${task.label}" was not written.`)
  return readTaskRow(written)
}
