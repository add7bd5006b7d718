import { findingOf, type Finding } from '../../endurance/finding.js'
import { hasEnded } from '../history/audit.js'
import type { History } from '../history/history.js'

/** Whether no two unfinished runs ever had the same key. */
export function keysHeld({ runs, book }: History): Finding {
  const changes = runs.flatMap((run) => run.changes).sort((a, b) => a.seq - b.seq)
  const holders = new Map<string, string>()
  let taken = 0
  const faults: string[] = []
  for (const { run, old, new: to } of changes) {
    const [before, after] = [old?.activeKey ?? null, to?.activeKey ?? null]
    if (before !== after && before !== null) holders.delete(before)
    if (after === null || after === before) continue
    const holder = holders.get(after)
    if (holder !== undefined) faults.push(`${run} and ${holder} had the key ${after} at once`)
    holders.set(after, run)
    taken += 1
  }
  for (const { id, last } of runs) {
    if (last !== null && hasEnded(last) && last.activeKey !== null)
      faults.push(`${id} has ended and keeps its key`)
  }
  return findingOf(
    `No two unfinished runs had one key; keys were taken ${taken} times, and refused ${book.refused} times`,
    faults,
  )
}
