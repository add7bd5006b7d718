import type { Paint, Style } from './paint.js'

/** A piece of text in a table. */
export interface Cell {
  readonly text: string
  readonly style?: Style
}

const GAP = 2

/** Lines of aligned columns, none longer than `columns`: the last column gives way. */
export function table(rows: readonly (readonly Cell[])[], columns: number, paint: Paint): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.text.length ?? 0)),
  )
  return rows.map((row) => {
    let left = columns
    return row
      .map(({ text, style }, column) => {
        const isLast = column === row.length - 1
        const width = Math.max(0, Math.min(left, isLast ? text.length : (widths[column] ?? 0)))
        left -= width + GAP
        const fitted = clip(text, width).padEnd(width)
        return style === undefined ? fitted : paint(style, fitted)
      })
      .join(' '.repeat(GAP))
      .trimEnd()
  })
}

/** The text in one line, cut to `width` characters. */
export function clip(text: string, width: number): string {
  const line = text.replaceAll(/\s*\n\s*/g, ' ')
  return line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`
}
