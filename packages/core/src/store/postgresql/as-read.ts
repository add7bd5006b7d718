import type { TimedTask } from '../store.js'

/** Columns that decide what the heartbeat writes; a row that differs in one was changed since it was read. */
const decisive = {
  enabled: 'boolean',
  schedule: 'text',
  timezone: 'text',
  startRunning: 'timestamptz',
  endRunning: 'timestamptz',
  waitForSchedule: 'boolean',
  iterations: 'integer',
  allowOverlap: 'boolean',
  misfire: 'text',
  misfireWindow: 'integer',
  misfireLimit: 'integer',
  jitterSeconds: 'integer',
  lastRun: 'timestamptz',
  nextRun: 'timestamptz',
  endedAt: 'timestamptz',
} satisfies Partial<Record<keyof TimedTask, string>>

const names = Object.keys(decisive) as (keyof typeof decisive)[]

/** The columns as they were read, to be bound as JSON. */
export function readColumns(read: TimedTask): Record<string, unknown> {
  return { id: read.id, ...Object.fromEntries(names.map((name) => [`read_${name}`, read[name]])) }
}

/** The column list of `readColumns` for `jsonb_to_recordset`. */
export const readColumnTypes = ['id uuid', ...names.map((name) => `"read_${name}" ${decisive[name]}`)].join(
  ', ',
)

/** An instant that plain SQL wrote and a `Date` cannot hold, such as `infinity`, was read as one that is none. */
const readable = (column: string): string =>
  `CASE WHEN ${column} BETWEEN '0001-01-01T00:00:00Z' AND '9999-12-31T23:59:59.999Z' THEN ${column} END`

const current = names.map((name) =>
  decisive[name] === 'timestamptz' ? readable(`t."${name}"`) : `t."${name}"`,
)

/** Whether task `t` still is what was read as `given`. */
export const isAsRead = `(${current.join(', ')}) IS NOT DISTINCT FROM (${names
  .map((name) => `given."read_${name}"`)
  .join(', ')})`
