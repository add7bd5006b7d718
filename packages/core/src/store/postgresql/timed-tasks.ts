import type { Database } from '../database.js'
import type { TimedTask } from '../store.js'
import { asJson, queryJson } from './json-rows.js'
import { readInstants, type TaskRowJson } from './task-row-json.js'

const columns: Readonly<Record<keyof TimedTask, true>> = {
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
  endedAt: true,
  modifiedAt: true,
}
const columnList = Object.keys(columns)
  .map((name) => `"${name}"`)
  .join(', ')

/** Reads tasks as the heartbeat needs them. @param rest the query from FROM on. */
export async function queryTimedTasks(
  db: Database,
  rest: string,
  orderBy: string,
  values: readonly unknown[],
): Promise<TimedTask[]> {
  const rows = await queryJson<Pick<TaskRowJson, keyof TimedTask>>(
    db,
    asJson(`(SELECT ${columnList} ${rest})`, orderBy),
    values,
  )
  return rows.map((row) => ({ ...row, ...readInstants(row) }))
}
