import type { Database } from '../database.js'
import type { TaskProblem } from '../inspector.js'
import type { Tables } from './tables.js'

/** The first tasks that cannot be planned. Locks nothing; reads every task: for doctor only. */
export async function listProblems(db: Database, tables: Tables, limit: number): Promise<TaskProblem[]> {
  return db.query<TaskProblem>(
    `SELECT id::text, label, problem FROM ${tables.task} WHERE problem IS NOT NULL ORDER BY "createdAt" LIMIT $1`,
    [limit],
  )
}
