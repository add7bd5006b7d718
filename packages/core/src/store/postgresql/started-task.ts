import type { StartedTask } from '../../run/run-row.js'
import { readInstantOrNull } from './json-rows.js'

type InstantColumn = 'startRunning' | 'endRunning' | 'lastRun' | 'nextRun'

/** What user code is told of a task, as JSON brings it: its instants are texts. */
export type StartedTaskJson = Omit<StartedTask, InstantColumn> &
  Readonly<Record<InstantColumn, string | null>>

const columns: Readonly<Record<Exclude<keyof StartedTask, 'userdata'>, true>> = {
  id: true,
  key: true,
  label: true,
  schedule: true,
  timezone: true,
  iterations: true,
  startRunning: true,
  endRunning: true,
  lastRun: true,
  nextRun: true,
}

/** All of it but `userdata`, which may be of any size. */
export const startedTaskColumns = Object.keys(columns)
  .map((name) => `"${name}"`)
  .join(', ')

export function readStartedTask(row: StartedTaskJson): StartedTask {
  return {
    ...row,
    startRunning: readInstantOrNull(row.startRunning),
    endRunning: readInstantOrNull(row.endRunning),
    lastRun: readInstantOrNull(row.lastRun),
    nextRun: readInstantOrNull(row.nextRun),
  }
}
