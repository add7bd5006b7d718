import type { ErrorObject } from 'serialize-error'
import type { WireValue } from './wire-value.js'

// What supervisor and child say to each other, as JSON over the channel of `fork`. A `run` is named by its number in
// the pool.

export interface SetUp {
  readonly kind: 'set-up'
  /** URL of the module to load. */
  readonly module: string
  readonly data: WireValue
  /** Stands before each message of the child, so that none of user code's own is taken for one. */
  readonly key: string
  /** Runs at once. */
  readonly concurrency: number
  /** Where the child has the file open that it shares with its supervisor; null when there is none. */
  readonly sharedFile: number | null
}

export type ToChild =
  | SetUp
  | { readonly kind: 'run'; readonly runs: readonly SentRun[] }
  | { readonly kind: 'abort'; readonly run: number; readonly reason: Thrown }
  | { readonly kind: 'ping' }
  /** Nothing comes any more: tear down and exit. */
  | { readonly kind: 'end' }
  /** The SIGTERM that follows is meant for this process, not for its whole group. */
  | { readonly kind: 'terminate' }

export interface SentRun {
  readonly run: number
  /** Its place among the runs sent to this child, from 1. */
  readonly sequence: number
  readonly name: string
  readonly value: WireValue
  /** Of one that was sent ahead: until when it may begin, by `machineNow()`. */
  readonly until: number | undefined
}

export type FromChild =
  /** It can take runs; `residentBytes` is what it holds before the first. */
  | { readonly kind: 'ready'; readonly residentBytes: number }
  /** The module could not be loaded, or its set-up failed; the child exits. */
  | { readonly kind: 'unready'; readonly error: Thrown }
  | RunEnd
  /** A run that was sent ahead is not begun, since it was too long ago or its signal was aborted. */
  | { readonly kind: 'declined'; readonly run: number; readonly sequence: number }
  | { readonly kind: 'pong' }
  /** An exception nobody caught, of the run whose code threw it if that can be told; the child is about to die. */
  | { readonly kind: 'uncaught'; readonly run: number | null; readonly thrown: Thrown }
  /** Code of this run ends the process by `process.exit`. */
  | { readonly kind: 'exiting'; readonly run: number }

/** How a run ended, and what it took. */
export interface RunEnd {
  readonly kind: 'returned' | 'threw'
  /** What it returned. */
  readonly value?: WireValue | undefined
  /** What it threw. */
  readonly thrown?: Thrown | undefined
  readonly run: number
  /** How long it took, milliseconds. */
  readonly ms: number
  /** CPU time of the process meanwhile, microseconds. */
  readonly cpuUs: number
  /** The process's highest resident memory ever, bytes, if it rose meanwhile. */
  readonly peakBytes?: number | undefined
  /** Resident memory now, bytes; not told after each of many quick runs. */
  readonly residentBytes?: number | undefined
  /** How many lines it wrote, which may still be on their way. Default: none. */
  readonly lines?: number | undefined
}

/** What the child's process has used so far. */
export interface Usage {
  /** CPU time, user and system, microseconds. */
  readonly cpuUs: number
  /** Highest resident memory ever, bytes. */
  readonly peakBytes: number
}

/** Something thrown: an error taken apart, or any other value. */
export type Thrown = { readonly error: ErrorObject } | { readonly value: WireValue }
