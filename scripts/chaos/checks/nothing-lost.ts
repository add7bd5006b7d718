import { findingOf, type Finding } from '../../endurance/finding.js'
import { hasEnded } from '../history/audit.js'
import type { History, RunHistory } from '../history/history.js'

/** Whether every run that was stamped or enqueued has ended, and none that was rolled back ever was. */
export function nothingLost(history: History): Finding {
  const { runs, book } = history
  const count = (state: string): number => runs.filter(({ last }) => last?.state === state).length
  const known = new Set(runs.map(({ id }) => id))
  const unknown = [...book.committed].filter((id) => !known.has(id))
  const faults = [
    ...runs.filter((run) => isLost(run)).map(({ id, last }) => `${id} is ${last?.state ?? 'gone'}`),
    ...unknown.map((id) => `${id} was committed, and is nowhere`),
    ...[...book.rolledBack].filter((id) => known.has(id)).map((id) => `${id} was rolled back, and is there`),
  ]
  return findingOf(
    `No run is lost: all ${runs.length} have ended, ${count('succeeded')} succeeded, ${count('failed')} failed, ${count('cancelled')} cancelled; ${book.rolledBack.size} were rolled back and never ran`,
    faults,
  )
}

/** A run that was stamped or enqueued and has no end. */
export function isLost({ last }: RunHistory): boolean {
  return last === null || !hasEnded(last) || last.finishedAt === null
}
