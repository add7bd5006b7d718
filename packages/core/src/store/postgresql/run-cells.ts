import type { NewRun } from '../../run/run-row.js'
import type { ColumnType } from './given-rows.js'

/** What is given of a run. */
export const runColumns = {
  id: 'uuid',
  label: 'text',
  callable: 'text',
  modelName: 'text',
  modelKey: 'jsonb',
  userdata: 'jsonb',
  queue: 'text',
  priority: 'integer',
  maxAttempts: 'integer',
  backoff: 'jsonb',
  timeoutSeconds: 'integer',
  dueAt: 'timestamptz',
  uniqueKey: 'text',
} as const satisfies Record<keyof NewRun, ColumnType>

export const runColumnNames = Object.keys(runColumns) as readonly (keyof typeof runColumns)[]

/** A run as statements take it: JSON and instants are texts. */
export type RunCells = Omit<NewRun, 'modelKey' | 'userdata' | 'backoff' | 'dueAt'> & {
  readonly modelKey: string | null
  readonly userdata: string
  readonly backoff: string | null
  readonly dueAt: string | null
}

// Member by member, since a spread would cost more than all the rest.
export function runCells(run: NewRun): RunCells {
  const { modelKey, backoff, dueAt } = run
  return {
    id: run.id,
    label: run.label,
    callable: run.callable,
    modelName: run.modelName,
    modelKey: modelKey === null ? null : JSON.stringify(modelKey),
    userdata: JSON.stringify(run.userdata),
    queue: run.queue,
    priority: run.priority,
    maxAttempts: run.maxAttempts,
    backoff: backoff === null ? null : JSON.stringify(backoff),
    timeoutSeconds: run.timeoutSeconds,
    dueAt: dueAt === null ? null : dueAt.toISOString(),
    uniqueKey: run.uniqueKey,
  }
}
