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
  const atATime = runs.every(({ uniqueKey }) => uniqueKey === null) ? lanes : 1
  const written: (WrittenRun | null)[] = []
  let underWay: Promise<(WrittenRun | null)[]>[] = []
  const settle = async (): Promise<void> => {
    // None is still under way when an error is thrown.
    await Promise.allSettled(underWay)
    for (const part of underWay) written.push(...(await part))
    underWay = []
  }
  for (const chunk of chunksOf(cellsOf(runs), cellsSize)) {
    underWay.push(insertChunk(db, tables, channels, chunk))
    if (underWay.length === atATime) await settle()
  }
  await settle()
  return written
}

function* cellsOf(runs: readonly NewRun[]): Generator<RunCells> {
  for (const run of runs) yield runCells(run)
}

async function insertChunk(
  db: Database,
  tables: Tables,
  channels: Channels,
  chunk: readonly RunCells[],
): Promise<(WrittenRun | null)[]> {
  const [first, ...others] = chunk
  return first !== undefined && others.length === 0
    ? [await insertRun(db, tables, channels, first)]
    : insertRuns(db, tables, channels, chunk)
}
