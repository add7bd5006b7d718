import type { Database } from '../database.js'

/** `max_connections`: how many connections the server allows to all its clients. Locks nothing, reads no table. */
export async function readConnectionLimit(db: Database): Promise<number> {
  const [reply] = await db.query<{ connections: number }>(
    `SELECT current_setting('max_connections')::int AS connections`,
    [],
  )
  if (reply === undefined) throw new Error('The database did not tell how many connections it allows.')
  return reply.connections
}
