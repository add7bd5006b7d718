import type { NewRun } from '../run/run-row.js'
import type { Store, WrittenRun } from '../store/store.js'
import type { RunOptions } from '../task/task-options.js'
import { checkRunOptions, type TargetOptions } from './call-options.js'
import { targetResolver } from './resolve-target.js'
import { checkRunItems, mapItems } from './run-items.js'
import { newRun } from './run-values.js'
import type { SisyRuntime } from './sisy-runtime.js'

type Options = RunOptions & TargetOptions

/** Enqueues one run; null when its unique key is held. */
export async function enqueueRun(
  runtime: SisyRuntime,
  store: Store,
  target: unknown,
  options: Options,
): Promise<WrittenRun | null> {
  checkRunOptions(options)
  const make = await runMaker(runtime, store, target, [options])
  const [run = null] = await store.enqueueRuns([make(options)])
  return run
}

/**
 * Enqueues runs of one callable. The statements that this takes hold or fail together only inside a transaction, but
 * none is sent unless all items are accepted.
 */
export async function enqueueRuns(
  runtime: SisyRuntime,
  store: Store,
  target: unknown,
  items: readonly Options[],
): Promise<(WrittenRun | null)[]> {
  checkRunItems(items)
  const make = await runMaker(runtime, store, target, items)
  return store.enqueueRuns(mapItems(items, make))
}

/** Makes the rows of runs whose options are checked, in their order. */
async function runMaker(
  runtime: SisyRuntime,
  store: Store,
  target: unknown,
  items: readonly Options[],
): Promise<(options: Options) => NewRun> {
  const delayed = items.some(({ delayUntil }) => delayUntil !== undefined)
  const now = delayed ? await store.now() : undefined
  const { newRunId } = runtime
  const madeAt = runtime.clock.now()
  const resolve = targetResolver(runtime, target)
  return (options) => newRun(newRunId(madeAt), resolve(options.record), options, now)
}
