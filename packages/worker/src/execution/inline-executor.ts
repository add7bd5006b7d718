import { sleep, type Clock, type Outcome, type SisyRuntime, type Store } from '@sisy/core/internal'
import { attemptExecution } from './execute-attempt.js'
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
  const executeAttempt = attemptExecution(runtime, store)
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
    execute: ({ run, leaseToken, abort }, { task }, limit) => {
      executing += 1
      const beganAt = clock.monotonic()
      const cancelLimit = limit === null ? null : clock.after(limit.ms, limit.onOver)
      return new Promise((resolve) => {
        let hasEnded = false
        const end = (outcome: Outcome): void => {
          if (hasEnded) return
          hasEnded = true
          cancelLimit?.()
          executing -= 1
          resolve({ outcome, facts, child: null, durationMs: clock.monotonic() - beganAt })
        }
        const ended = executeAttempt({ run, leaseToken, task }, abort).then(end)
        // Nothing is made for it beforehand: hardly any attempt is ever aborted.
        abort.onAbort((reason) => {
          void graceOver(ended, { clock, graceMs, hurry }).then(() => end(outcomeOfAbort(reason)))
        })
      })
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

/** Resolves when the grace period is over, or cut short, or when it is not needed any more. */
async function graceOver(ended: Promise<void>, { clock, graceMs, hurry }: Grace): Promise<void> {
  const waiting = new AbortController()
  void ended.then(() => waiting.abort())
  await sleep(clock, graceMs, AbortSignal.any([waiting.signal, hurry]))
}
