/** How a run of the pool ended. */
export type PoolOutcome<Out> =
  /** The module's function returned. */
  | { readonly kind: 'ok'; readonly value: Out }
  /** It threw, or what it returned cannot be cloned. */
  | { readonly kind: 'error'; readonly thrown: unknown }
  /** Its signal was aborted, by a timeout too: it rejected thereupon, its process was ended, or it had not begun. */
  | { readonly kind: 'aborted'; readonly reason: unknown }
  /** Its process went over `maxMemory`. */
  | { readonly kind: 'memory'; readonly residentBytes: number; readonly maxMemory: number }
  /** Its process died: `process.exit`, an exception nobody caught (`thrown`), a fault, or a signal from outside. */
  | {
      readonly kind: 'crashed'
      readonly exitCode: number | null
      readonly signal: NodeJS.Signals | null
      readonly thrown?: unknown
    }
  /** Its process had to go because of another run. It may have done part of its work. */
  | { readonly kind: 'evicted' }

/** What is known of a run besides its outcome. */
export interface RunReport {
  /** Names the run in messages and in front of its output. */
  readonly name: string
  /** Its process; null if it never began. */
  readonly pid: number | null
  /** Milliseconds it waited for a child. */
  readonly queuedMs: number
  /** Milliseconds from its begin to its end; 0 if it never began. */
  readonly durationMs: number
  /** CPU time of its process meanwhile, milliseconds; shared with other runs if `concurrency` is more than 1. Null when unknown. */
  readonly cpuMs: number | null
  /** Peak resident memory of its process meanwhile, bytes. Null when unknown. */
  readonly peakMemory: number | null
  /** How long its process's event loop was blocked when it was ended, milliseconds; 0 if it was not. */
  readonly blockedMs: number
  /** The last lines it wrote to standard output and standard error, oldest first. */
  readonly output: readonly string[]
}

/** A run's outcome and report, and the slot of its child: null if it never got one. */
export type EndedRun<Out> = PoolOutcome<Out> & RunReport & { readonly slot: number | null }

/**
 * Why a child ended. `overrun`: a run did not end though its signal was aborted; `stuck`: it did not begin what it was
 * given; `expired`: the moment came until which it was to live; `recycled-memory` and `recycled-runs`: replaced between two runs; `crashed` also while it ran nothing.
 */
export type ChildEndCause =
  | 'crashed'
  | 'memory'
  | 'overrun'
  | 'stuck'
  | 'expired'
  | 'start-failed'
  | 'recycled-memory'
  | 'recycled-runs'
  | 'stopped'
