import type { Cells } from './given-rows.js'

/** What one statement takes at most: rows, and characters. */
const maxRows = 5_000
const maxSize = 8 * 1024 * 1024

export interface ChunkOptions<Row> {
  /** How many characters a row takes. */
  readonly sizeOf: (row: Row) => number
  /** How many rows a statement takes at most. */
  readonly most?: number
}

/** Parts rows for as few statements as their number and size allow. */
export function* chunksOf<Row>(
  rows: Iterable<Row>,
  { sizeOf, most = maxRows }: ChunkOptions<Row>,
): Generator<Row[]> {
  let chunk: Row[] = []
  let size = 0
  for (const row of rows) {
    const rowSize = sizeOf(row)
    if (chunk.length === most || (chunk.length > 0 && size + rowSize > maxSize)) {
      yield chunk
      chunk = []
      size = 0
    }
    chunk.push(row)
    size += rowSize
  }
  if (chunk.length > 0) yield chunk
}

/** How many characters the texts of a row take; all else is short. */
export function cellsSize(row: Cells): number {
  let size = 0
  for (const name in row) {
    const cell = row[name]
    if (typeof cell === 'string') size += cell.length
  }
  return size
}
