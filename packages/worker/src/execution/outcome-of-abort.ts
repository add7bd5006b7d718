import {
  errorRecord,
  LeaseLostError,
  RunCancelledError,
  RunCrashedError,
  RunTimeoutError,
  type Outcome,
} from '@sisy/core/internal'

/** How an attempt ended that was aborted for a reason. */
export function outcomeOfAbort(reason: Error): Outcome {
  if (reason instanceof RunTimeoutError) return { kind: 'timeout', error: errorRecord(reason) }
  if (reason instanceof RunCancelledError) return { kind: 'cancelled' }
  if (reason instanceof RunCrashedError)
    return { kind: 'crashed', error: errorRecord(reason), exitCode: reason.facts.exitCode, signal: null }
  if (reason instanceof LeaseLostError) return { kind: 'lost' }
  return { kind: 'shutdown' }
}
