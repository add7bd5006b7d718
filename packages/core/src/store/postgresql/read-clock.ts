import type { Database } from '../database.js'

/** The database's own clock. Locks nothing, reads no table. */
export async function readClock(db: Database): Promise<Date> {
  const [reply] = await db.query<{ ms: number }>(
    `SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms`,
    [],
  )
  if (reply === undefined) throw new Error('The database did not tell its time.')
  return new Date(Math.floor(reply.ms))
}
