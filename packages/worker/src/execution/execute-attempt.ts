import {
  errorRecord,
  InvalidRecordKeyError,
  isDiscard,
  isSnooze,
  prepareCall,
  RecordMissingError,
  storableResult,
  type ClaimedRun,
  type Outcome,
  type SisyRuntime,
  type Store,
} from '@sisy/core/internal'
import type { RunAbort } from '../active-run.js'
import { makeContext, type ContextTask } from './make-context.js'
import { outcomeOfAbort } from './outcome-of-abort.js'
import { writesUnderLease } from './writes-under-lease.js'

/** One attempt of a run, as the process that executes it knows it. */
export interface Attempt {
  readonly run: ClaimedRun
  readonly leaseToken: string
  /** The Task row as it was at the start; null for a one-shot or a deleted task. */
  readonly task: ContextTask | null
}

export interface AttemptTools {
  readonly runtime: SisyRuntime
  readonly store: Store
  readonly abort: Pick<RunAbort, 'reason' | 'signal'>
}

/**
 * Executes an attempt in this process: finds the callable, fetches its record, makes its context, calls it.
 *
 * @returns how it ended; a return counts as `ok` even after an abort. Never rejects.
 */
export async function executeAttempt(
  { run, leaseToken, task }: Attempt,
  { runtime, store, abort }: AttemptTools,
): Promise<Outcome> {
  let callable: Awaited<ReturnType<typeof prepareCall>>
  try {
    callable = await prepareCall(runtime, run)
  } catch (thrown) {
    return abort.reason === undefined ? outcomeOfRefusal(thrown) : outcomeOfAbort(abort.reason)
  }
  try {
    const writes = writesUnderLease(run, leaseToken, { runtime, store })
    return ending(await callable(makeContext(run, task, abort, writes)))
  } catch (thrown) {
    if (abort.reason !== undefined) return outcomeOfAbort(abort.reason)
    if (isDiscard(thrown)) return { kind: 'discard', reason: errorRecord(thrown).message }
    if (isSnooze(thrown)) return { kind: 'snooze', ms: thrown.ms }
    return { kind: 'error', error: errorRecord(thrown) }
  }
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
