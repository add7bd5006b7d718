import type { Database } from '../database.js'
import type { TimedTask } from '../store.js'
import { version } from './as-read.js'
import { at, milliseconds, queryColumns, type JsonColumns } from './json-columns.js'

const instants = ['startRunning', 'endRunning', 'lastRun', 'nextRun', 'modifiedAt'] as const
type InstantColumn = (typeof instants)[number]

/** Milliseconds; a text for the infinite ones that plain SQL may have written. */
type InstantJson = number | 'Infinity' | '-Infinity'

/** A task as JSON brings it. */
type TimedTaskJson = Omit<TimedTask, InstantColumn> &
  Record<Exclude<InstantColumn, 'modifiedAt'>, InstantJson | null> &
  Record<'modifiedAt', InstantJson>

const columns: Readonly<Record<Exclude<keyof TimedTask, 'version'>, true>> = {
  id: true,
  label: true,
  queue: true,
  schedule: true,
  timezone: true,
  enabled: true,
  startRunning: true,
  endRunning: true,
  waitForSchedule: true,
  iterations: true,
  allowOverlap: true,
  misfire: true,
  misfireWindow: true,
  misfireLimit: true,
  jitterSeconds: true,
  lastRun: true,
  nextRun: true,
  modifiedAt: true,
}
const names = Object.keys(columns)
const isInstant = new Set<string>(instants)
const selected = [
  ...names.map((name) => (isInstant.has(name) ? `${milliseconds(`"${name}"`)} AS "${name}"` : `"${name}"`)),
  version,
].join(', ')

/**
 * Reads tasks as the heartbeat needs them, in the order of the query.
 *
 * @param rest the query from FROM on.
 */
export async function queryTimedTasks(
  db: Database,
  rest: string,
  values: readonly unknown[],
): Promise<TimedTask[]> {
  const tasks = `FROM (SELECT ${selected} ${rest}) AS task`
  const read = await queryColumns<TimedTaskJson>(db, [...names, 'version'], tasks, values)
  return read.id?.map((_, n) => timedTask(read, n)) ?? []
}

function timedTask(read: JsonColumns<TimedTaskJson>, n: number): TimedTask {
  return {
    id: at(read.id, n),
    label: at(read.label, n),
    queue: at(read.queue, n),
    schedule: at(read.schedule, n),
    timezone: at(read.timezone, n),
    enabled: at(read.enabled, n),
    startRunning: readInstantOrNull(at(read.startRunning, n)),
    endRunning: readInstantOrNull(at(read.endRunning, n)),
    waitForSchedule: at(read.waitForSchedule, n),
    iterations: at(read.iterations, n),
    allowOverlap: at(read.allowOverlap, n),
    misfire: at(read.misfire, n),
    misfireWindow: at(read.misfireWindow, n),
    misfireLimit: at(read.misfireLimit, n),
    jitterSeconds: at(read.jitterSeconds, n),
    lastRun: readInstantOrNull(at(read.lastRun, n)),
    nextRun: readInstantOrNull(at(read.nextRun, n)),
    modifiedAt: new Date(at(read.modifiedAt, n)),
    version: at(read.version, n),
  }
}

function readInstantOrNull(instant: InstantJson | null): Date | null {
  return instant === null ? null : new Date(instant)
}
