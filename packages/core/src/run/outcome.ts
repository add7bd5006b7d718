import type { JsonValue } from '../json/json-value.js'
import type { RunState } from './run-row.js'

/** How one attempt ended. */
export type Outcome =
  /** The callable returned. */
  | { readonly kind: 'ok'; readonly result: JsonValue }
  /** It threw. */
  | { readonly kind: 'error'; readonly error: ErrorRecord }
  /** It took longer than its `timeoutSeconds`. */
  | { readonly kind: 'timeout'; readonly error: ErrorRecord }
  /** Its process went over its memory limit. */
  | { readonly kind: 'memory'; readonly error: ErrorRecord }
  /**
   * Its process died: `process.exit()`, an exception nobody caught, a fault in native code, a kill. The signal is its
   * name, `SIGKILL`.
   */
  | {
      readonly kind: 'crashed'
      readonly error: ErrorRecord
      readonly exitCode: number | null
      readonly signal: string | null
    }
  /** The record it is bound to is gone. */
  | { readonly kind: 'missing'; readonly error: ErrorRecord }
  /** Somebody cancelled it. */
  | { readonly kind: 'cancelled' }
  /** The worker is ending. */
  | { readonly kind: 'shutdown' }
  /** Its process had to go because of another run, or it never began. */
  | { readonly kind: 'evicted' }
  /** Its lease ran out: the worker died, or could not reach the database. */
  | { readonly kind: 'lost' }
  /** The callable threw `Discard`. */
  | { readonly kind: 'discard'; readonly reason: string }
  /** The callable threw `Snooze`. */
  | { readonly kind: 'snooze'; readonly ms: number }

/** The run whose attempt ended, for whoever is told of its outcome. */
export interface OutcomeRun {
  readonly runId: string
  /** Null for a one-shot, and when its task was deleted. */
  readonly taskId: string | null
  readonly label: string
  /** Path of the callable. */
  readonly callable: string
  readonly queue: string
  /** 1-based; the attempt that ended. */
  readonly attempt: number
  readonly maxAttempts: number
  /** Where the run went: `scheduled` and `due` mean that it is tried again. */
  readonly state: Exclude<RunState, 'running'>
}

/** Is told how an attempt ended; what it returns is not used. */
export type OnOutcome = (run: OutcomeRun, outcome: Outcome) => unknown

/** An error as the attempt log keeps it. */
export interface ErrorRecord {
  readonly name: string
  readonly message: string
  readonly code?: string
  readonly stack?: string
  /** What it was caused by, and that in turn, a few levels deep. */
  readonly cause?: ErrorRecord
}

/** One line of a run's attempt log. */
export interface AttemptEntry {
  /** 1-based. */
  readonly attempt: number
  readonly cause: Exclude<Outcome['kind'], 'ok'>
  readonly error?: ErrorRecord
  /** Why a `Discard` was thrown. */
  readonly reason?: string
  /** Of a process that died: what it exited with. */
  readonly exitCode?: number
  /** Of a process that died: the signal that ended it, `SIGKILL`. */
  readonly signal?: string
  readonly workerId?: string
  readonly pid?: number
  /** When user code began, ISO 8601; absent if it had not. */
  readonly startedAt?: string
  readonly endedAt: string
  /** Milliseconds of user code. */
  readonly durationMs?: number
  /** The most resident memory its process held, bytes. */
  readonly peakMemory?: number
  /** CPU time its process used, milliseconds. */
  readonly cpuMs?: number
  /** The last lines it wrote to standard output and standard error, oldest first. */
  readonly output?: readonly string[]
}
