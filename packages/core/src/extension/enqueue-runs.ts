import { runIds } from '../run/run-ids.js'
import type { NewRun } from '../run/run-row.js'
import type { Store, WrittenRun } from '../store/store.js'
import type { RunOptions } from '../task/task-options.js'
import { checkRunOptions, type TargetOptions } from './call-options.js'
import { newRun } from './run-values.js'
import type { SisyRuntime } from './sisy-runtime.js'

/** What one statement takes at most: rows, and characters of JSON. */
const maxRows = 5_000
const maxSize = 8 * 1024 * 1024

/**
 * Enqueues runs of one callable, in as few statements as their size allows. Several statements hold or fail together
 * only inside a transaction.
 */
export async function enqueueRuns(
  runtime: SisyRuntime,
  store: Store,
  target: unknown,
  items: readonly (RunOptions & TargetOptions)[],
): Promise<(WrittenRun | null)[]> {
  items.forEach(checkRunOptions)
  const delayed = items.some(({ delayUntil }) => delayUntil !== undefined)
  const now = delayed ? await store.now() : undefined
  const nextId = runIds(runtime.clock.now())
  const runs = items.map((item) => ({ ...newRun(runtime, target, item, now), id: nextId() }))
  const written: (WrittenRun | null)[] = []
  for (const chunk of chunksOf(runs)) written.push(...(await store.enqueueRuns(chunk)))
  return written
}

function* chunksOf(runs: readonly NewRun[]): Generator<NewRun[]> {
  let chunk: NewRun[] = []
  let size = 0
  for (const run of runs) {
    const runSize = JSON.stringify(run).length
    if (chunk.length === maxRows || (chunk.length > 0 && size + runSize > maxSize)) {
      yield chunk
      chunk = []
      size = 0
    }
    chunk.push(run)
    size += runSize
  }
  if (chunk.length > 0) yield chunk
}
