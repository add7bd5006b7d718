import { sleep, type Clock } from '../clock/clock.js'
import { NotFoundError, RunFailedError, RunStateError } from '../errors/errors.js'
import type { JsonValue } from '../json/json-value.js'
import type { RunStatus, Store } from '../store/store.js'
import type { ResultOptions } from './task-methods.js'
import { checkRunId } from './run-actions.js'

/** Pauses between two looks, milliseconds: from the first, growing by half, to the longest. */
const firstPause = 20
const longestPause = 1_000

/**
 * Waits until a run has ended.
 *
 * @throws RunFailedError, NotFoundError; RunStateError for a run that is not committed yet; the signal's reason when
 *   that is aborted.
 */
export async function awaitResult(
  store: Pick<Store, 'readRun'>,
  clock: Clock,
  runId: unknown,
  { signal }: ResultOptions,
): Promise<JsonValue> {
  checkRunId(runId)
  for (let pause = firstPause; ; pause = Math.min(pause * 1.5, longestPause)) {
    signal?.throwIfAborted()
    const run = await store.readRun(runId)
    if (run === null) {
      throw new NotFoundError(
        `There is no run ${runId}: it was never committed, or it ended so long ago that it was pruned.`,
        {
          what: 'run',
          where: runId,
        },
      )
    }
    if (run.state === 'succeeded') return run.result
    if (run.state === 'failed' || run.state === 'cancelled') throw failure(run)
    if (run.uncommitted) {
      throw new RunStateError(
        `Run ${runId} was enqueued in this transaction, and nobody sees it before the commit. Wait for its result afterwards.`,
        { runId, state: run.state },
      )
    }
    await sleep(clock, pause, signal)
  }
}

function failure({ id, state, attempt, lastEntry }: RunStatus): RunFailedError {
  const why = lastEntry?.error?.message ?? lastEntry?.reason
  const told = why === undefined ? '' : `: ${why}`
  return new RunFailedError(
    `Run ${id} ${state === 'failed' ? `failed in attempt ${attempt}` : 'was cancelled'}${told}`,
    { runId: id, state, attempt },
    { cause: lastEntry },
  )
}
