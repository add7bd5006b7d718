import type { Database } from '../database.js'
import type { TimedTask } from '../store.js'
import { version } from './as-read.js'
import { at, queryColumns, type JsonColumns } from './json-columns.js'
import { readInstant, readInstantOrNull } from './json-rows.js'

type InstantColumn = 'startRunning' | 'endRunning' | 'lastRun' | 'nextRun'

/** A task as JSON brings it: its instants are texts. */
type TimedTaskJson = Omit<TimedTask, InstantColumn | 'modifiedAt'> &
  Record<InstantColumn, string | null> &
  Record<'modifiedAt', string>

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
const selected = [...names.map((name) => `"${name}"`), version].join(', ')

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
    modifiedAt: readInstant(at(read.modifiedAt, n)),
    version: at(read.version, n),
  }
}
