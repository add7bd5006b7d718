import type { Database } from '../database.js'
import type { Tables } from './tables.js'

/** Its name in `sisy-indexes.sql`. */
const name = 'sisy_task_run_claim'

/** Whether the index stands along which runs are claimed. Locks nothing, reads only the catalogue. */
export async function hasClaimIndex(db: Database, tables: Tables): Promise<boolean> {
  const [reply] = await db.query<{ present: boolean }>(
    `SELECT EXISTS (
       SELECT FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
       WHERE i.indrelid = to_regclass($1) AND i.indisvalid AND c.relname = '${name}'
     ) AS present`,
    [tables.run],
  )
  if (reply === undefined) throw new Error('The database did not tell which indexes it has.')
  return reply.present
}
