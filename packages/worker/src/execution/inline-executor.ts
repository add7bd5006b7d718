import { sleep, type Clock, type Outcome, type SisyRuntime, type Store } from '@sisy/core/internal'
import type { RunAbort } from '../active-run.js'
import { executeAttempt } from './execute-attempt.js'
import type { Executor } from './executor.js'
import { outcomeOfAbort } from './outcome-of-abort.js'

export interface InlineExecutorOptions {
  readonly runtime: SisyRuntime
  readonly store: Store
  readonly clock: Clock
  /** How many runs it has at once. */
  readonly concurrency: number
  /** How long an aborted callable may take to end before it is left behind, milliseconds. */
  readonly graceMs: number
  /** Aborted to grant no such time any more. */
  readonly hurry: AbortSignal
}

/**
 * Runs user code in this process. A callable that does not end after its signal was aborted cannot be stopped here:
 * after the grace period it is left behind, and the attempt ends with the cause of the abort.
 */
export function createInlineExecutor(options: InlineExecutorOptions): Executor {
  const { runtime, store, clock, concurrency, graceMs, hurry } = options
  let executing = 0
  const facts = { pid: process.pid, peakMemory: null, cpuMs: null, output: [] }
  return {
    start: async () => undefined,
    isInline: true,
    get free() {
      return concurrency - executing
    },
    get executing() {
      return executing
    },
    execute: async ({ run, leaseToken, abort }, { task }, limit) => {
      executing += 1
      const beganAt = clock.monotonic()
      const cancelLimit = limit === null ? null : clock.after(limit.ms, limit.onOver)
      const leftBehind = afterGrace(abort, { clock, graceMs, hurry })
      const ended = executeAttempt({ run, leaseToken, task }, { runtime, store, abort })
      const outcome = await Promise.race([ended, leftBehind.outcome])
      leftBehind.cancel()
      cancelLimit?.()
      executing -= 1
      return { outcome, facts, child: null, durationMs: clock.monotonic() - beganAt }
    },
    problems: () => [],
    stop: async () => undefined,
  }
}

interface Grace {
  readonly clock: Clock
  readonly graceMs: number
  readonly hurry: AbortSignal
}

/** Resolves when an abort has gone without effect for the grace period. */
function afterGrace(abort: RunAbort, { clock, graceMs, hurry }: Grace) {
  const ended = new AbortController()
  const outcome = new Promise<Outcome>((resolve) => {
    abort.onAbort((reason) => {
      void sleep(clock, graceMs, AbortSignal.any([ended.signal, hurry])).then(() => {
        resolve(outcomeOfAbort(reason))
      })
    })
  })
  return { outcome, cancel: () => ended.abort() }
}
