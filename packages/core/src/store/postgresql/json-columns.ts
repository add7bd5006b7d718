import type { Database } from '../database.js'

/** Rows as JSON, column by column; null where there is no row. */
export type JsonColumns<Row> = { readonly [Name in keyof Row]: readonly Row[Name][] | null }

/**
 * Gathers rows into one JSON text, column by column: rows would repeat the names of their columns, which costs both
 * sides more than all else.
 *
 * @param names the columns, unquoted.
 */
export function asJsonColumns(names: readonly string[]): string {
  return `json_build_object(${names.map((name) => `'${name}', json_agg("${name}")`).join(', ')})::text`
}

/** Sends a query of columns. @param rest the query from FROM on. */
export async function queryColumns<Row>(
  db: Database,
  names: readonly string[],
  rest: string,
  values: readonly unknown[],
): Promise<JsonColumns<Row>> {
  const [reply] = await db.query<{ columns: string }>(
    `SELECT ${asJsonColumns(names)} AS columns ${rest}`,
    values,
  )
  if (reply === undefined) throw new Error('The database did not answer a query of columns.')
  return readColumns(reply.columns)
}

/** What `asJsonColumns` made. */
export function readColumns<Row>(text: string): JsonColumns<Row> {
  // The shape is what the statement beside the call selects.
  return JSON.parse(text) as JsonColumns<Row>
}

/** The value of a column in a row. */
export function at<Value>(column: readonly Value[] | null, n: number): Value {
  const value = column?.[n]
  if (value === undefined) throw new Error('The database did not answer every column of a row.')
  return value
}

/** An instant as a column of milliseconds: less work for both sides than a text. */
export function milliseconds(column: string): string {
  return `round(date_part('epoch', ${column}) * 1000)`
}
