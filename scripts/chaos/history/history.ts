import type { Injection } from '../faults/inject-faults.js'
import type { Book } from '../load/book.js'
import type { Desertion } from '../programs/keep-program.js'
import type { Change, Note, SeenRun } from './audit.js'
import { groupBy } from './group-by.js'
import { holdsOf, type Hold } from './holds.js'

/** All that is known when everything is over; what the checks look at. */
export interface History {
  readonly runs: readonly RunHistory[]
  readonly injections: readonly Injection[]
  readonly book: Book
  readonly desertions: readonly Desertion[]
}

/** What was recorded. */
export interface Records extends Omit<History, 'runs'> {
  readonly changes: readonly Change[]
  readonly notes: readonly Note[]
}

export interface RunHistory {
  readonly id: string
  readonly changes: readonly Change[]
  readonly holds: readonly Hold[]
  readonly calls: readonly Call[]
  /** How often it did what it does in the transaction that completes it. */
  readonly effects: number
  /** As the run is at last; null when it was deleted. */
  readonly last: SeenRun | null
}

/** One call of the callable, as far as it told of itself. */
export interface Call {
  readonly id: string
  readonly program: string
  readonly pid: number
  readonly attempt: number
  /** When the database wrote that it began, and when it sent that. */
  readonly beganAt: number
  readonly sentAt: number
  /** The last that was heard of it. */
  readonly heardAt: number
  /** When it said that it ends; null if it never did. */
  readonly overAt: number | null
}

export function historyOf({ changes, notes, ...known }: Records): History {
  const changesByRun = groupBy(changes, ({ run }) => run)
  const notesByRun = groupBy(notes, ({ run }) => run)
  const ids = new Set([...changesByRun.keys(), ...notesByRun.keys()])
  const runs = [...ids].map((id) => {
    const own = changesByRun.get(id) ?? []
    const ownNotes = notesByRun.get(id) ?? []
    const effects = ownNotes.filter(({ kind }) => kind === 'effect').length
    return {
      id,
      changes: own,
      holds: holdsOf(own),
      calls: callsOf(ownNotes),
      effects,
      last: own.at(-1)?.new ?? null,
    }
  })
  return { ...known, runs }
}

function callsOf(notes: readonly Note[]): Call[] {
  const calls = [...groupBy(notes, ({ call }) => call)].flatMap(([id, own]) => {
    const [first] = own
    if (first === undefined) return []
    const { program, pid, attempt, at, sentAt } = first
    const overAt = own.find(({ kind }) => kind === 'end' || kind === 'thrown')?.at ?? null
    return [{ id, program, pid, attempt, beganAt: at, sentAt, heardAt: own.at(-1)?.at ?? at, overAt }]
  })
  return calls.sort((a, b) => a.sentAt - b.sentAt)
}
