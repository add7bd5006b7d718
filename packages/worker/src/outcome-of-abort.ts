import {
  errorRecord,
  LeaseLostError,
  RunCancelledError,
  RunTimeoutError,
  type Outcome,
} from '@sisy/core/internal'

/** How an attempt ended that was aborted for a reason. */
export function outcomeOfAbort(reason: Error): Outcome {
  if (reason instanceof RunTimeoutError) return { kind: 'timeout', error: errorRecord(reason) }
  if (reason instanceof RunCancelledError) return { kind: 'cancelled' }
  if (reason instanceof LeaseLostError) return { kind: 'lost' }
  return { kind: 'shutdown' }
}
