import type { ClaimedRun, StartedTask } from '@sisy/core/internal'

/** A run this worker holds, from its claim until its end is written. */
export interface ActiveRun {
  readonly run: ClaimedRun
  /** Its task as it was at the claim; null for a one-shot, and where the task is to be read when the run begins. */
  readonly task: StartedTask | null
  /** Where it stands among those that are held; theirs to change. */
  place: number
  readonly leaseToken: string
  /** `monotonic()` at which this worker gives the run up unless the lease was renewed. Milliseconds. */
  giveUpAt: number
  /** When user code began; null while it has not. */
  startedAt: Date | null
  /** `monotonic()` at which its start is to be marked, if it still goes on then; `Infinity` when it need not be. */
  markAt: number
  /** Resolves when no statement of this worker is under way that may have its row locked, its end apart; null without any. */
  locking: Promise<unknown> | null
  readonly abort: RunAbort
}

/** Sends a statement that locks the rows of runs, and lets them tell of it meanwhile. */
export function whileLocking<Reply>(runs: readonly ActiveRun[], send: () => Promise<Reply>): Promise<Reply> {
  const statement = send()
  for (const run of runs) {
    const locking = Promise.allSettled([run.locking, statement]).then(() => {
      if (run.locking === locking) run.locking = null
    })
    run.locking = locking
  }
  return statement
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
  return new LazyAbort()
}

/** A class, for one is made for every run: an object with closures costs several times as much. */
class LazyAbort implements RunAbort {
  reason: Error | undefined = undefined
  private controller: AbortController | undefined = undefined
  private listeners: ((reason: Error) => void)[] | undefined = undefined

  abort(given: Error): void {
    if (this.reason !== undefined) return
    this.reason = given
    this.controller?.abort(given)
    for (const listener of this.listeners ?? []) listener(given)
  }

  onAbort(listener: (reason: Error) => void): void {
    if (this.reason !== undefined) listener(this.reason)
    // An array literal is made for one; to push onto an empty array makes place for many.
    else if (this.listeners === undefined) this.listeners = [listener]
    else this.listeners.push(listener)
  }

  get signal(): AbortSignal {
    this.controller ??= new AbortController()
    if (this.reason !== undefined) this.controller.abort(this.reason)
    return this.controller.signal
  }
}
