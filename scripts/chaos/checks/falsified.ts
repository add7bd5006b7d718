import { findingOf, type Finding } from '../../endurance/finding.js'
import { hasEnded, type Change, type SeenRun } from '../history/audit.js'
import { historyOf, type History, type Records } from '../history/history.js'
import { effectsOnce } from './effects-once.js'
import { endsTrue } from './ends-true.js'
import { iterationsExact } from './iterations-exact.js'
import { keysHeld } from './keys-held.js'
import { lastAttemptBegan } from './last-attempt-began.js'
import { noStaleWrite } from './no-stale-write.js'
import { nothingLost } from './nothing-lost.js'
import { oneHolder } from './one-holder.js'
import { userCode } from './user-code.js'

/** A lie about what happened, and the check that must find it out. */
interface Lie {
  readonly name: string
  readonly check: (history: History) => Finding
  readonly tell: (records: Records) => Records
}

const nobody = 'nobody.1'

const lies: readonly Lie[] = [
  {
    name: 'effects happened twice',
    check: effectsOnce,
    tell: (records) => ({
      ...records,
      notes: [...records.notes, ...records.notes.filter(({ kind }) => kind === 'effect')],
    }),
  },
  {
    name: 'no run has ended',
    check: nothingLost,
    tell: (records) => ({
      ...records,
      changes: records.changes.filter(({ new: to }) => to === null || !hasEnded(to)),
    }),
  },
  {
    name: 'committed runs were rolled back',
    check: nothingLost,
    tell: (records) => ({ ...records, book: { ...records.book, rolledBack: records.book.committed } }),
  },
  {
    name: 'runs were ended by somebody else before their leases were over',
    check: oneHolder,
    tell: withChanges(isEnd, (change) => ({ ...change, program: nobody })),
  },
  {
    name: 'leases were renewed by somebody else',
    check: noStaleWrite,
    tell: withChanges(isRenewal, (change) => ({ ...change, program: nobody })),
  },
  {
    name: 'all calls began a day earlier',
    check: noStaleWrite,
    tell: (records) => ({
      ...records,
      notes: records.notes.map((note) => ({ ...note, at: note.at - 86_400_000 })),
    }),
  },
  {
    name: 'what was thrown was a timeout',
    check: endsTrue,
    tell: withChanges(
      ({ new: to }) => to?.lastEntry?.cause === 'error',
      (change) =>
        withNew(change, ({ lastEntry }) => ({ lastEntry: lastEntry && { ...lastEntry, cause: 'timeout' } })),
    ),
  },
  {
    name: 'what succeeded was lost',
    check: endsTrue,
    tell: withChanges(isSuccess, (change) => withNew(change, () => lost)),
  },
  {
    name: 'runs of one attempt were lost, and had never begun',
    check: lastAttemptBegan,
    tell: (records) =>
      withChanges(isSuccess, (change) => withNew(change, () => ({ ...lost, maxAttempts: 1 })))({
        ...records,
        notes: [],
      }),
  },
  {
    name: 'calls were made by somebody else',
    check: userCode,
    tell: (records) => ({ ...records, notes: records.notes.map((note) => ({ ...note, program: nobody })) }),
  },
  {
    name: 'each call was made twice at once',
    check: userCode,
    tell: (records) => ({
      ...records,
      notes: records.notes.flatMap((note) => [
        note,
        { ...note, call: `${note.call} again`, at: note.at + 0.1 },
      ]),
    }),
  },
  {
    name: 'all runs have one key',
    check: keysHeld,
    tell: withChanges(
      ({ operation }) => operation === 'INSERT',
      (change) => withNew(change, () => ({ activeKey: 'one for all' })),
    ),
  },
  {
    name: 'tasks were to run once more',
    check: iterationsExact,
    tell: ({ book, ...records }) => ({
      ...records,
      book: { ...book, iterations: new Map([...book.iterations].map(([task, count]) => [task, count + 1])) },
    }),
  },
]

/** Whether the checks can fail: they must find out every lie about this very history. */
export function falsifiedHistories(records: Records): Finding {
  const believed = lies.filter(({ check, tell }) => check(historyOf(tell(records))).verdict !== 'FAILED')
  return findingOf(
    `The checks can fail: of this history, falsified in ${lies.length} ways, none passes`,
    believed.map(({ name }) => `it was believed that ${name}`),
  )
}

const lost: Partial<SeenRun> = {
  state: 'failed',
  resultOf: null,
  lastEntry: { attempt: 1, cause: 'lost' },
}

function isEnd({ old, new: to }: Change): boolean {
  return old?.state === 'running' && to !== null && to.state !== 'running'
}

function isRenewal({ old, new: to }: Change): boolean {
  return old?.state === 'running' && to?.state === 'running' && old.leaseUntil !== to.leaseUntil
}

function isSuccess({ new: to }: Change): boolean {
  return to?.state === 'succeeded'
}

function withChanges(which: (change: Change) => boolean, falsify: (change: Change) => Change): Lie['tell'] {
  return (records) => ({
    ...records,
    changes: records.changes.map((change) => (which(change) ? falsify(change) : change)),
  })
}

function withNew(change: Change, falsified: (row: SeenRun) => Partial<SeenRun>): Change {
  return change.new === null ? change : { ...change, new: { ...change.new, ...falsified(change.new) } }
}
