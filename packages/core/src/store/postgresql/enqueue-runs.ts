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
 * Inserts runs, in as few statements as their size allows. Those of runs without keys go side by side; with keys one
 * follows the other, so that the first of equal keys counts.
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
  const atATime = runs.every(({ uniqueKey }) => uniqueKey === null) ? lanes : 1
  const parts: (readonly (WrittenRun | null)[])[] = []
  const chunks = chunksOf(cellsOf(runs), { sizeOf: cellsSize, most: runsPerStatement })
  let sent = 0
  let failed = false
  async function sendInTurn(): Promise<void> {
    // One iterator for all lanes; after a failure none sends more.
    for (let next = chunks.next(); !failed && next.done !== true; next = chunks.next()) {
      const n = sent++
      try {
        parts[n] = await insertRuns(db, tables, channels, next.value)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  // None is still under way when an error is thrown.
  const ended = await Promise.allSettled(Array.from({ length: atATime }, sendInTurn))
  for (const lane of ended) if (lane.status === 'rejected') throw lane.reason
  return parts.flat()
}

function* cellsOf(runs: readonly NewRun[]): Generator<RunCells> {
  for (const run of runs) yield runCells(run)
}
