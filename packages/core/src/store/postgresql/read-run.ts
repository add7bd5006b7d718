import type { Database } from '../database.js'
import type { RunStatus } from '../store.js'
import { asJson, queryJson } from './json-rows.js'
import type { Tables } from './tables.js'

/** How one run stands. Locks nothing; served by the primary key. */
export async function readRun(db: Database, tables: Tables, id: string): Promise<RunStatus | null> {
  const [run] = await queryJson<RunStatus>(
    db,
    asJson(
      `(SELECT id, state, attempt, result, attempts -> -1 AS "lastEntry",
      coalesce(xmin = pg_current_xact_id_if_assigned()::xid, false) AS uncommitted FROM ${tables.run} WHERE id = $1::uuid)`,
    ),
    [id],
  )
  return run ?? null
}
