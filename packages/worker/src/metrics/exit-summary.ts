import type { DurationFigures } from './duration-statistics.js'
import { humanBytes, humanDuration, humanNumber } from './human-units.js'
import type { ChildFigures, WorkerFigures } from './worker-metrics.js'

/** What a worker did in its life, in lines of plain text for whoever ends it. */
export function exitSummary(figures: WorkerFigures): string[] {
  const { children } = figures
  const childLines = columns(children.map(childCells))
  const cpu = [`${humanDuration(figures.cpuMs)} of the worker`]
  const restarts: string[] = []
  if (children.length > 0) {
    const ofChildren = children.reduce((sum, { cpuMs }) => sum + cpuMs, 0)
    cpu.push(`${humanDuration(ofChildren)} of its children`)
    restarts.push(line('restarts', counts(figures.restarts)))
  }
  return [
    line('runs', counts(figures.runs)),
    line('run time', durations(figures.runTime)),
    line('queue delay', durations(figures.queueDelay)),
    ...restarts,
    line('CPU', cpu.join(', ')),
    line('memory', `${humanBytes(figures.residentBytes)} now, peak ${humanBytes(figures.peakBytes)}`),
    ...children.map(({ child }, index) => line(`child ${child}`, childLines[index] ?? '')),
  ]
}

/** Wide enough for the longest label. */
const labelWidth = 'queue delay'.length + 2

function line(label: string, text: string): string {
  return label.padEnd(labelWidth) + text
}

function counts(byName: Readonly<Record<string, number>>): string {
  const told = Object.entries(byName).map(([name, count]) => `${humanNumber(count)} ${name}`)
  return told.length === 0 ? 'none' : told.join(', ')
}

function durations({ count, mean, stddev, min, p50, p95, max }: DurationFigures): string {
  if (count === 0) return 'none'
  const spread = `mean ${duration(mean)} ± ${duration(stddev)}`
  const range = `min ${duration(min)}, p50 ${duration(p50)}, p95 ${duration(p95)}, max ${duration(max)}`
  return `count ${humanNumber(count)}, ${spread}, ${range}`
}

function childCells({ runTime, restarts, cpuMs, residentBytes, peakBytes }: ChildFigures): string[] {
  const restarted = Object.values(restarts).reduce((sum, count) => sum + count, 0)
  const now = residentBytes === null ? [] : [`${humanBytes(residentBytes)} now`]
  return [
    `runs ${humanNumber(runTime.count)}`,
    `mean ${duration(runTime.mean)} ± ${duration(runTime.stddev)}`,
    `restarts ${humanNumber(restarted)}`,
    `CPU ${humanDuration(cpuMs)}`,
    [`memory peak ${humanBytes(peakBytes)}`, ...now].join(', '),
  ]
}

function duration(ms: number | null): string {
  return ms === null ? '–' : humanDuration(ms)
}

/** One line a row, with cells of one column under one another. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(width(column)))
      .join('  ')
      .trimEnd(),
  )
}
