import type { TimedTask } from '../store.js'
import { version } from './as-read.js'
import { at, milliseconds, type JsonColumns } from './json-columns.js'
import { unlessUsual } from './unless-usual.js'

/** Milliseconds; a text for the infinite ones that plain SQL may have written. */
export type InstantJson = number | 'Infinity' | '-Infinity'

type Always = 'id' | 'label' | 'schedule' | 'timezone' | 'version'
type AlwaysInstant = 'lastRun' | 'nextRun'
type SeldomInstant = 'startRunning' | 'endRunning'
type Seldom = Omit<TimedTask, Always | AlwaysInstant | SeldomInstant> &
  Record<SeldomInstant, InstantJson | null>

/** A task as JSON brings it. */
export type TimedTaskJson = Pick<TimedTask, Always> &
  Record<AlwaysInstant, InstantJson | null> & {
    /** Null when all of it is as usual. */
    readonly seldom: Seldom | null
  }

const usual: Seldom = {
  queue: 'default',
  enabled: true,
  startRunning: null,
  endRunning: null,
  waitForSchedule: true,
  iterations: 0,
  allowOverlap: true,
  misfire: 'once',
  misfireWindow: null,
  misfireLimit: 100,
  jitterSeconds: 0,
}

const seldom: Readonly<Record<keyof Seldom, string>> = {
  queue: 'queue',
  enabled: 'enabled',
  startRunning: milliseconds('"startRunning"'),
  endRunning: milliseconds('"endRunning"'),
  waitForSchedule: '"waitForSchedule"',
  iterations: 'iterations',
  allowOverlap: '"allowOverlap"',
  misfire: 'misfire',
  misfireWindow: '"misfireWindow"',
  misfireLimit: '"misfireLimit"',
  jitterSeconds: '"jitterSeconds"',
}

const columns: Readonly<Record<keyof TimedTaskJson, string>> = {
  id: 'id',
  label: 'label',
  schedule: 'schedule',
  timezone: 'timezone',
  lastRun: milliseconds('"lastRun"'),
  nextRun: milliseconds('"nextRun"'),
  seldom: unlessUsual(usual, seldom),
  version,
}

/** The columns of tasks that the heartbeat reads, by their names, to be read by `timedTask`. */
export const timedColumns = Object.keys(columns)
/** The same, as a query selects them. */
export const selectTimed = Object.entries(columns)
  .map(([name, value]) => `${value} AS "${name}"`)
  .join(', ')

export function timedTask(read: JsonColumns<TimedTaskJson>, n: number): TimedTask {
  const rest = at(read.seldom, n) ?? usual
  // Member by member, since a spread would cost more than all the rest.
  return {
    id: at(read.id, n),
    label: at(read.label, n),
    queue: rest.queue,
    schedule: at(read.schedule, n),
    timezone: at(read.timezone, n),
    enabled: rest.enabled,
    startRunning: readInstantOrNull(rest.startRunning),
    endRunning: readInstantOrNull(rest.endRunning),
    waitForSchedule: rest.waitForSchedule,
    iterations: rest.iterations,
    allowOverlap: rest.allowOverlap,
    misfire: rest.misfire,
    misfireWindow: rest.misfireWindow,
    misfireLimit: rest.misfireLimit,
    jitterSeconds: rest.jitterSeconds,
    lastRun: readInstantOrNull(at(read.lastRun, n)),
    nextRun: readInstantOrNull(at(read.nextRun, n)),
    version: at(read.version, n),
  }
}

function readInstantOrNull(instant: InstantJson | null): Date | null {
  return instant === null ? null : new Date(instant)
}
