import type { ClaimedRun } from '@sisy/core/internal'

/** A run this worker holds, from its claim until its end is written. */
export interface ActiveRun {
  readonly run: ClaimedRun
  readonly leaseToken: string
  /** `monotonic()` at which this worker gives the run up unless the lease was renewed. Milliseconds. */
  giveUpAt: number
  /** When user code began; null while it has not. */
  startedAt: Date | null
  readonly abort: RunAbort
}

/** Ends one attempt early. */
export interface RunAbort {
  /** Aborts the signal; only the first reason counts. */
  abort(reason: Error): void
  /** Why it was aborted; undefined while it is not. */
  readonly reason: Error | undefined
  /** Calls back when it is aborted; at once if it already is. */
  onAbort(listener: (reason: Error) => void): void
  /** The signal for user code. Made when first asked for, since most callables never look at it. */
  readonly signal: AbortSignal
}

export function createRunAbort(): RunAbort {
  let reason: Error | undefined
  let controller: AbortController | undefined
  const listeners: ((reason: Error) => void)[] = []
  return {
    abort: (given) => {
      if (reason !== undefined) return
      reason = given
      controller?.abort(given)
      for (const listener of listeners) listener(given)
    },
    get reason() {
      return reason
    },
    onAbort: (listener) => {
      if (reason === undefined) listeners.push(listener)
      else listener(reason)
    },
    get signal() {
      controller ??= new AbortController()
      if (reason !== undefined) controller.abort(reason)
      return controller.signal
    },
  }
}
