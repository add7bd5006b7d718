import type { Database } from '../database.js'

/**
 * Ends a statement so that its rows come back as one JSON text. It is less work for the driver than rows, and the
 * only safe way to read instants: the adapter drops the offset of a `timestamptz` when the session's time zone is
 * not UTC, while JSON keeps it.
 */
export function asJson(source: string, orderBy = ''): string {
  return `SELECT coalesce(json_agg(to_json(item)${orderBy}), '[]')::text AS rows FROM ${source} AS item`
}

/** Sends a statement that ends in `asJson`. */
export async function queryJson<Row>(db: Database, sql: string, values: readonly unknown[]): Promise<Row[]> {
  const [reply] = await db.query<{ rows: string }>(sql, values)
  // The shape of the rows is what the statement beside this call selects.
  return reply === undefined ? [] : (JSON.parse(reply.rows) as Row[])
}

/** An instant as JSON brings it. */
export function readInstant(text: string): Date {
  return new Date(text)
}

export function readInstantOrNull(text: string | null): Date | null {
  return text === null ? null : readInstant(text)
}
