/** A value as a statement takes it; JSON and instants are texts. */
export type Cell = string | number | boolean | null

/** A row, by the names of its columns. */
export type Cells<Name extends string = string> = Readonly<Record<Name, Cell>>

export type ColumnType = 'boolean' | 'integer' | 'jsonb' | 'text' | 'timestamptz' | 'uuid'

/** Rows bound to a statement. */
export interface GivenRows<Name extends string> {
  /** What stands for each column in a SELECT from these rows; nothing for one that is null in all of them. */
  readonly expressions: Readonly<Partial<Record<Name, string>>>
  /** What that SELECT is from. It keeps the order of the rows. */
  readonly source: string
  /** Binds one more value. @returns its parameter. */
  readonly bind: (value: Cell) => string
  /** What is bound, from `$1` on. */
  readonly values: readonly Cell[]
}

/**
 * Binds rows so that they cost the server little: a column with the same value in all of them is a scalar, the others
 * are arrays side by side. Each array is one text, so that the driver has nothing to convert.
 */
export function givenRows<Name extends string>(
  columns: Readonly<Record<Name, ColumnType>>,
  rows: readonly Cells<Name>[],
): GivenRows<Name> {
  const values: Cell[] = []
  const names: string[] = []
  const arrays: string[] = []
  const bind = (value: Cell): string => `$${values.push(value)}`
  const expression = (name: Name, cells: readonly Cell[]): string => {
    const type = columns[name]
    const [first = null] = cells
    if (cells.every((cell) => cell === first)) return `${bind(first)}::${type}`
    const column = `"${name}"`
    names.push(column)
    arrays.push(arrayOf(type, bind(arrayText(type, cells))))
    return type === 'jsonb' && cells.includes(null) ? `nullif(given.${column}, 'null')` : `given.${column}`
  }
  const expressions: Partial<Record<Name, string>> = {}
  for (const name of Object.keys(columns) as Name[]) {
    const cells = rows.map((row) => row[name])
    if (cells.some((cell) => cell !== null)) expressions[name] = expression(name, cells)
  }
  const source =
    arrays.length === 0
      ? `generate_series(1, ${rows.length}) AS given`
      : `ROWS FROM (${arrays.join(', ')}) AS given(${names.join(', ')})`
  return { expressions, source, bind, values }
}

function arrayOf(type: ColumnType, parameter: string): string {
  if (type === 'jsonb') return `jsonb_array_elements(${parameter}::jsonb)`
  if (type === 'text') return `jsonb_array_elements_text(${parameter}::jsonb)`
  return `unnest(${parameter}::${type}[])`
}

// JSON has one way to write any text; what the others hold needs no quotes.
function arrayText(type: ColumnType, cells: readonly Cell[]): string {
  if (type === 'text') return JSON.stringify(cells)
  const list = cells.map((cell) => cell ?? 'null').join()
  return type === 'jsonb' ? `[${list}]` : `{${list}}`
}
