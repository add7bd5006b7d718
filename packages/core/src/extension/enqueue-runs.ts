import { runIds } from '../run/run-ids.js'
import type { Store, WrittenRun } from '../store/store.js'
import type { RunOptions } from '../task/task-options.js'
import { checkRunOptions, type TargetOptions } from './call-options.js'
import { resolveTarget, type ResolvedTarget } from './resolve-target.js'
import { newRun } from './run-values.js'
import type { SisyRuntime } from './sisy-runtime.js'

/**
 * Enqueues runs of one callable. The statements that this takes hold or fail together only inside a transaction, but
 * none is sent unless all items are accepted.
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
  let withoutRecord: ResolvedTarget | undefined
  const resolved = ({ record }: TargetOptions): ResolvedTarget =>
    record === undefined
      ? (withoutRecord ??= resolveTarget(runtime, target, undefined))
      : resolveTarget(runtime, target, record)
  return store.enqueueRuns(items.map((item) => newRun(nextId(), resolved(item), item, now)))
}
