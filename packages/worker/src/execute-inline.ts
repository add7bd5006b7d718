import { errorRecord, isDiscard, isSnooze, sleep, type Clock, type Outcome } from '@sisy/core/internal'
import type { RunAbort } from './active-run.js'
import { outcomeOfAbort } from './outcome-of-abort.js'
import { storableResult } from './storable-result.js'

export interface InlineExecution {
  /** The callable, bound to its record or class and its context. */
  readonly call: () => unknown
  readonly abort: RunAbort
  readonly clock: Clock
  /** How long an aborted callable may take to end before it is given up, milliseconds. */
  readonly graceMs: number
  /** Aborted to grant no such time any more. */
  readonly hurry: AbortSignal
}

/**
 * Runs a callable in this process. One that does not end after its signal was aborted cannot be stopped here: after
 * the grace period it is left behind, and the attempt ends with the cause of the abort.
 *
 * @returns how it ended; a return counts as `ok` even after an abort. Never rejects.
 */
export async function executeInline({
  call,
  abort,
  clock,
  graceMs,
  hurry,
}: InlineExecution): Promise<Outcome> {
  let grace: AbortController | undefined
  const givenUp = new Promise<Outcome>((resolve) => {
    abort.onAbort((reason) => {
      grace = new AbortController()
      void sleep(clock, graceMs, AbortSignal.any([grace.signal, hurry])).then(() =>
        resolve(outcomeOfAbort(reason)),
      )
    })
  })
  const ended = run(call, abort)
  const outcome = await Promise.race([ended, givenUp])
  grace?.abort()
  return outcome
}

async function run(call: () => unknown, abort: RunAbort): Promise<Outcome> {
  try {
    return ending(await call())
  } catch (thrown) {
    if (abort.reason !== undefined) return outcomeOfAbort(abort.reason)
    if (isDiscard(thrown)) return { kind: 'discard', reason: errorRecord(thrown).message }
    if (isSnooze(thrown)) return { kind: 'snooze', ms: thrown.ms }
    return { kind: 'error', error: errorRecord(thrown) }
  }
}

/** The callable has done its work: a result that cannot be stored must not make it do it again. */
function ending(value: unknown): Outcome {
  try {
    return { kind: 'ok', result: storableResult(value) }
  } catch (thrown) {
    return { kind: 'discard', reason: `Its result cannot be stored: ${errorRecord(thrown).message}` }
  }
}
