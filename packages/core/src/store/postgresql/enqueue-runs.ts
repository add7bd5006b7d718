import type { NewRun } from '../../run/run-row.js'
import type { Channels } from '../channels.js'
import type { Database } from '../database.js'
import type { WrittenRun } from '../store.js'
import { cellsSize, chunksOf } from './chunks.js'
import { insertRun } from './insert-run.js'
import { insertRuns } from './insert-runs.js'
import { runCells, type RunCells } from './run-cells.js'
import type { Tables } from './tables.js'

/** How many statements of one call are under way at a time. */
const lanes = 2
/** How many runs a statement takes at most: few enough that one is worked on by the database while the next is made. */
const runsPerStatement = 2_500

/**
 * Inserts runs, in as few statements as their size allows. Those of runs without keys go side by side. With keys one
 * follows the other, and all are in one order, whatever the caller's: the first of equal keys counts, and two transactions
 * with the same keys do not wait for each other.
 */
export async function enqueueRuns(
  db: Database,
  tables: Tables,
  channels: Channels,
  runs: readonly NewRun[],
): Promise<(WrittenRun | null)[]> {
  const [first] = runs
  if (first !== undefined && runs.length === 1)
    return [await insertRun(db, tables, channels, runCells(first))]
  const insert = (part: readonly RunCells[]) => insertRuns(db, tables, channels, part)
  if (runs.every(({ uniqueKey }) => uniqueKey === null)) return insertInParts(runs, lanes, insert)
  const sorted = runs.toSorted(byUniqueKey)
  const inserted = await insertInParts(sorted, 1, insert)
  const byId = new Map(sorted.map(({ id }, n) => [id, inserted[n] ?? null]))
  return runs.map(({ id }) => byId.get(id) ?? null)
}

function byUniqueKey(a: NewRun, b: NewRun): number {
  const [keyOfA, keyOfB] = [a.uniqueKey ?? '', b.uniqueKey ?? '']
  return keyOfA < keyOfB ? -1 : keyOfA > keyOfB ? 1 : 0
}

/** @throws what failed first; none is still under way then. */
async function insertInParts(
  runs: readonly NewRun[],
  atATime: number,
  insert: (part: readonly RunCells[]) => Promise<(WrittenRun | null)[]>,
): Promise<(WrittenRun | null)[]> {
  const parts: (readonly (WrittenRun | null)[])[] = []
  const chunks = chunksOf(cellsOf(runs), { sizeOf: cellsSize, most: runsPerStatement })
  /** In a transaction one failure makes the others fail. */
  const failures: unknown[] = []
  let sent = 0
  async function sendInTurn(): Promise<void> {
    // One iterator for all lanes; after a failure none sends more.
    for (let next = chunks.next(); failures.length === 0 && next.done !== true; next = chunks.next()) {
      const n = sent++
      try {
        parts[n] = await insert(next.value)
      } catch (error) {
        failures.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: atATime }, sendInTurn))
  if (failures.length > 0) throw failures[0]
  return parts.flat()
}

function* cellsOf(runs: readonly NewRun[]): Generator<RunCells> {
  for (const run of runs) yield runCells(run)
}
