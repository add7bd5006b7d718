import {
  errorRecord,
  InvalidRecordKeyError,
  isDiscard,
  isSnooze,
  prepareCall,
  RecordMissingError,
  storableResult,
  type Outcome,
  type SisyRuntime,
  type StartedTask,
  type Store,
} from '@sisy/core/internal'
import type { RunAbort } from '../active-run.js'
import { makeContext, type HeldAttempt } from './make-context.js'
import { outcomeOfAbort } from './outcome-of-abort.js'
import { writesUnderLease } from './writes-under-lease.js'

/** One attempt of a run, as the process that executes it knows it. */
export interface Attempt extends HeldAttempt {
  /** The Task row as it was when the run was claimed or marked; null for a one-shot or a deleted task. */
  readonly task: StartedTask | null
}

/** Executes an attempt. @returns how it ended; a return counts as `ok` even after an abort. Never rejects. */
export type ExecuteAttempt = (
  attempt: Attempt,
  abort: Pick<RunAbort, 'reason' | 'signal'>,
) => Promise<Outcome>

/** Executes attempts in this process: finds the callable, fetches its record, makes its context, calls it. */
export function attemptExecution(runtime: SisyRuntime, store: Store): ExecuteAttempt {
  const writes = writesUnderLease({ runtime, store })
  return async (attempt, abort) => {
    const { run, task } = attempt
    let callable: ReturnType<typeof prepareCall>
    try {
      callable = prepareCall(runtime, run)
      // A function is there at once.
      if (callable instanceof Promise) callable = await callable
    } catch (thrown) {
      return abort.reason === undefined ? outcomeOfRefusal(thrown) : outcomeOfAbort(abort.reason)
    }
    try {
      return ending(await callable(makeContext(attempt, task, abort, writes)))
    } catch (thrown) {
      return outcomeOfThrown(thrown, abort.reason)
    }
  }
}

function outcomeOfThrown(thrown: unknown, abortReason: Error | undefined): Outcome {
  if (abortReason !== undefined) return outcomeOfAbort(abortReason)
  if (isDiscard(thrown)) return { kind: 'discard', reason: errorRecord(thrown).message }
  if (isSnooze(thrown)) return { kind: 'snooze', ms: thrown.ms }
  return { kind: 'error', error: errorRecord(thrown) }
}

/** How an attempt ends that could not begin. A row that names no record can never be called, so it is not tried again. */
function outcomeOfRefusal(thrown: unknown): Outcome {
  const error = errorRecord(thrown)
  if (thrown instanceof RecordMissingError) return { kind: 'missing', error }
  if (thrown instanceof InvalidRecordKeyError) return { kind: 'discard', reason: error.message }
  return { kind: 'error', error }
}

/** The callable has done its work: a result that cannot be stored must not make it do it again. */
function ending(value: unknown): Outcome {
  try {
    return { kind: 'ok', result: storableResult(value) }
  } catch (thrown) {
    return { kind: 'discard', reason: `Its result cannot be stored: ${errorRecord(thrown).message}` }
  }
}
