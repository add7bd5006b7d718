import type { Fault } from '../faults/fault.js'
import { isLost } from '../checks/nothing-lost.js'
import { doubledLeases } from '../checks/one-holder.js'
import type { History } from '../history/history.js'
import type { Aftermath } from '../history/recovery.js'

/** The table as rows of cells; the first row is its head, and the last has the sums. */
export function faultTable(
  faults: readonly Fault[],
  history: History,
  aftermaths: readonly Aftermath[],
): string[][] {
  const lost = new Set(history.runs.filter(isLost).map(({ id }) => id))
  const doubled = doubledLeases(history)
  const rows = faults.map((fault) => {
    const own = aftermaths.filter(({ injection }) => injection.fault === fault)
    const affected = own.flatMap((aftermath) => aftermath.affected)
    const times = own.flatMap(({ recoveryMs }) => recoveryMs ?? []).sort((a, b) => a - b)
    return [
      fault.name,
      String(own.length),
      String(affected.length),
      String(affected.filter((id) => lost.has(id)).length),
      String(doubled.filter(({ run }) => affected.includes(run)).length),
      seconds(times[Math.floor((times.length - 1) / 2)]),
      seconds(times.at(-1)),
    ]
  })
  const injected = String(history.injections.length)
  const sums = ['all', injected, '', String(lost.size), String(doubled.length), '', '']
  return [
    ['fault', 'injected', 'runs affected', 'lost', 'doubled leases', 'median recovery', 'worst'],
    ...rows,
    sums,
  ]
}

const seconds = (ms: number | undefined): string => (ms === undefined ? '–' : `${(ms / 1000).toFixed(2)} s`)

export function asText(table: readonly (readonly string[])[]): string {
  const widths = widthsOf(table)
  return table
    .map((row) =>
      row
        .map((cell, column) => pad(cell, column, widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

export function asMarkdown(table: readonly (readonly string[])[]): string {
  const [head = [], ...rows] = table
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const rule = line(head.map((_, column) => (column === 0 ? '---' : '--:')))
  return [line(head), rule, ...rows.map(line), ''].join('\n')
}

const pad = (cell: string, column: number, width: number): string =>
  column === 0 ? cell.padEnd(width) : cell.padStart(width)

function widthsOf(table: readonly (readonly string[])[]): number[] {
  return (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)))
}
