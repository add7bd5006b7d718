import type { JsonValue } from '../../json/json-value.js'
import type { TaskRow } from '../../task/task-row.js'
import { readInstant, readInstantOrNull } from './json-rows.js'

type InstantColumn = 'startRunning' | 'endRunning' | 'lastRun' | 'nextRun' | 'endedAt'

/** A Task row as JSON brings it: its instants are texts. */
export type TaskRowJson = Omit<TaskRow<JsonValue>, InstantColumn | 'createdAt' | 'modifiedAt'> &
  Record<InstantColumn, string | null> &
  Record<'createdAt' | 'modifiedAt', string>

export function readTaskRow(row: TaskRowJson): TaskRow<JsonValue> {
  return { ...row, ...readInstants(row), createdAt: readInstant(row.createdAt) }
}

/** The instants that every reading of a task brings. */
export function readInstants(row: Pick<TaskRowJson, InstantColumn | 'modifiedAt'>) {
  return {
    startRunning: readInstantOrNull(row.startRunning),
    endRunning: readInstantOrNull(row.endRunning),
    lastRun: readInstantOrNull(row.lastRun),
    nextRun: readInstantOrNull(row.nextRun),
    endedAt: readInstantOrNull(row.endedAt),
    modifiedAt: readInstant(row.modifiedAt),
  }
}
