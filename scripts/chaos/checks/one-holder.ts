import { findingOf, type Finding } from '../../endurance/finding.js'
import type { History, RunHistory } from '../history/history.js'

/** A lease that was taken from its holder before it was over. */
export interface DoubledLease {
  readonly run: string
  readonly at: number
  readonly text: string
}

/** Whether no two processes held the same run at any instant, by the database's clock. */
export function oneHolder(history: History): Finding {
  const holds = history.runs.reduce((sum, run) => sum + run.holds.length, 0)
  const doubled = doubledLeases(history)
  return findingOf(
    `No two overlapping lease-holders in ${holds} claims`,
    doubled.map(({ text }) => text),
  )
}

export function doubledLeases({ runs }: History): DoubledLease[] {
  return runs.flatMap(doubledOf)
}

/** The holder may end its claim at any time, everybody else only after the lease. */
function doubledOf({ id, holds }: RunHistory): DoubledLease[] {
  return holds.flatMap(({ program, end }) => {
    if (end === null) return []
    const { at, by, from, to } = end
    const tell = (what: string): DoubledLease[] => [
      { run: id, at, text: `${id}, held by ${program}, ${what}` },
    ]
    if (to === null) return tell(`was deleted by ${by}`)
    if (to.state === 'running') return tell(`was claimed by ${by} without having been due`)
    if ((by === program && end.cause !== 'lost') || (from.leaseUntil !== null && from.leaseUntil < at))
      return []
    return tell(
      `was taken by ${by} ${((from.leaseUntil ?? Infinity) - at).toFixed(0)} ms before its lease was over`,
    )
  })
}
