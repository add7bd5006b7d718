import { median } from '../median.js'
import { showTable } from '../show-table.js'
import type { Measured, Result } from './result.js'

interface Table {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** A row for each contender, and for each measure its median, its spread, and the reference's median divided by its. */
export function resultTable({ measured, reference }: Result): Table {
  const contenders = [...new Set(measured.map(({ contender }) => contender))]
  const measures = [...new Set(measured.map(({ measure }) => measure))]
  const find = (contender: string | undefined, measure: string): Measured | undefined =>
    measured.find((one) => one.contender === contender && one.measure === measure)
  const compared = contenders.length > 1 && contenders.includes(reference ?? '')
  return {
    head: ['', ...measures.flatMap((measure) => (compared ? [measure, 'ratio'] : [measure]))],
    rows: contenders.map((contender) => [
      contender,
      ...measures.flatMap((measure) => {
        const its = find(contender, measure)
        const theirs = find(reference, measure)
        return compared ? [cell(its), contender === reference ? '' : ratio(theirs, its)] : [cell(its)]
      }),
    ]),
  }
}

export function asText(result: Result): string {
  const { head, rows } = resultTable(result)
  return `${result.title}\n\n${showTable(head, rows)}\n\n${notesOf(result).join('\n')}\n`
}

export function asMarkdown(result: Result): string {
  const { head, rows } = resultTable(result)
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const table = [line(head), line(head.map((_, n) => (n === 0 ? '---' : '---:'))), ...rows.map(line)].join(
    '\n',
  )
  return `### ${result.title}\n\n${table}\n\n${notesOf(result).join('\n')}\n`
}

function notesOf({ reference, notes }: Result): readonly string[] {
  return reference === undefined ? notes : [`Medians and spread; ratio: ${reference} ÷ it.`, ...notes]
}

function cell(measured: Measured | undefined): string {
  if (measured === undefined) return '–'
  const { values } = measured
  const middle = readable(median(values))
  return values.length === 1
    ? middle
    : `${middle} (${readable(Math.min(...values))}–${readable(Math.max(...values))})`
}

function ratio(reference: Measured | undefined, other: Measured | undefined): string {
  if (reference === undefined || other === undefined) return '–'
  return (median(reference.values) / median(other.values)).toFixed(2)
}

/** Three digits that count; large numbers whole, with a space between thousands. */
function readable(value: number): string {
  if (value >= 1_000) return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ' ')
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}
