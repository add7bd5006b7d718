import type { Cells } from './given-rows.js'

/** What one statement takes at most: rows, and characters. */
const maxRows = 5_000
const maxSize = 8 * 1024 * 1024

/** Parts rows for as few statements as their number and size allow. */
export function* chunksOf<Row extends Cells>(rows: Iterable<Row>): Generator<Row[]> {
  let chunk: Row[] = []
  let size = 0
  for (const row of rows) {
    const rowSize = sizeOf(row)
    if (chunk.length === maxRows || (chunk.length > 0 && size + rowSize > maxSize)) {
      yield chunk
      chunk = []
      size = 0
    }
    chunk.push(row)
    size += rowSize
  }
  if (chunk.length > 0) yield chunk
}

function sizeOf(row: Cells): number {
  let size = 0
  for (const name in row) {
    const cell = row[name]
    if (typeof cell === 'string') size += cell.length
  }
  return size
}
