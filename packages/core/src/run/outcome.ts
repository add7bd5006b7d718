import type { JsonValue } from '../json/json-value.js'

/** How one attempt ended. */
export type Outcome =
  /** The callable returned. */
  | { readonly kind: 'ok'; readonly result: JsonValue }
  /** It threw. */
  | { readonly kind: 'error'; readonly error: ErrorRecord }
  /** It took longer than its `timeoutSeconds`. */
  | { readonly kind: 'timeout'; readonly error: ErrorRecord }
  /** The record it is bound to is gone. */
  | { readonly kind: 'missing'; readonly error: ErrorRecord }
  /** Somebody cancelled it. */
  | { readonly kind: 'cancelled' }
  /** The worker is ending; also a claim that was never started. */
  | { readonly kind: 'shutdown' }
  /** Its lease ran out: the worker died, or could not reach the database. */
  | { readonly kind: 'lost' }
  /** The callable threw `Discard`. */
  | { readonly kind: 'discard'; readonly reason: string }
  /** The callable threw `Snooze`. */
  | { readonly kind: 'snooze'; readonly ms: number }

/** An error as the attempt log keeps it. */
export interface ErrorRecord {
  readonly name: string
  readonly message: string
  readonly code?: string
  readonly stack?: string
}

/** One line of a run's attempt log. */
export interface AttemptEntry {
  /** 1-based. */
  readonly attempt: number
  readonly cause: Exclude<Outcome['kind'], 'ok'>
  readonly error?: ErrorRecord
  /** Why a `Discard` was thrown. */
  readonly reason?: string
  readonly workerId?: string
  readonly pid?: number
  /** When user code began, ISO 8601; absent if it had not. */
  readonly startedAt?: string
  readonly endedAt: string
  /** Milliseconds of user code. */
  readonly durationMs?: number
}
