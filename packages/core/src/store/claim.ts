import type { ClaimedRun, StartedTask } from '../run/run-row.js'

/** What a worker asks for. */
export interface ClaimRequest {
  readonly queue: string
  /** Paths this worker can run; others are left for workers that know them. */
  readonly callables: readonly string[]
  readonly limit: number
  /** UUID made by the worker before it asks, so that a claim whose reply was lost can be released. */
  readonly leaseToken: string
  readonly leaseMs: number
  readonly workerId: string
}

/** What was claimed, and the database's clock. */
export interface Claim {
  readonly now: Date
  readonly runs: readonly ClaimedRun[]
  /** Their tasks as they are now, by their ids; those with much userdata are left out, to be read by `startRuns`. */
  readonly tasks: ReadonlyMap<string, StartedTask>
  /** Whether more may be due. */
  readonly more: boolean
}
