import type { Stage } from '../open-stage.js'

/** A run as the soak finds it when all is over. */
export interface EndedRow {
  readonly id: string
  readonly callable: string
  readonly state: string
  /** Attempts that count. */
  readonly attempt: number
  readonly finished: boolean
  readonly result: unknown
  readonly n: number
  /** The attempt log. */
  readonly log: readonly LogEntry[]
  /** The attempts whose begin the callable wrote down, in their order; one that was given back may be there twice. */
  readonly begun: readonly number[]
}

export interface LogEntry {
  readonly attempt: number
  readonly cause: string
  readonly exitCode?: number
  readonly signal?: string
  readonly error?: { readonly message: string }
}

export async function readRuns({ database }: Stage): Promise<EndedRow[]> {
  const { rows } = await database.query<EndedRow>(`
    SELECT id, callable, state, attempt, "finishedAt" IS NOT NULL AS finished, result, (userdata->>'n')::int AS n,
      coalesce(attempts, '[]') AS log,
      ARRAY(SELECT attempt FROM soak_begin WHERE run = id ORDER BY at) AS begun
    FROM sisy_task_run ORDER BY id`)
  return rows
}
