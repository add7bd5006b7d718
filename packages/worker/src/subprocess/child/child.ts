import type { HeldRun } from '../held-run.js'
import type { Measurement } from '../measure/measurement.js'
import type { ChildEnd } from './outcome-of-exit.js'
import type { OutputSinks } from '../output/pass-output-on.js'
import type { FilledPoolOptions } from '../pool-options.js'
import type { ChildEndCause, EndedRun } from '../pool-outcome.js'
import type { WireValue } from '../channel/wire-value.js'

/** One child process, from its start to its end. */
export interface Child {
  readonly slot: number
  readonly pid: number
  /** `retired`: it gets no new runs, and goes when those it has are over. */
  readonly state: 'starting' | 'ready' | 'retired' | 'ended'
  /** How many runs it can begin now. */
  readonly free: number
  /** The runs it has, also those sent to it that have not begun. */
  readonly runs: ReadonlyMap<number, HeldRun>
  /** Whether it has begun a run, ever. */
  readonly hasRun: boolean
  /** CPU time it is known to have used, milliseconds. */
  readonly cpuMs: number
  /** How long its event loop took to answer, milliseconds; null before the first answer. */
  readonly lagMs: number | null
  /** Sends it a run to begin now. */
  begin(run: HeldRun): void
  /** How many quick runs it may be sent ahead, while it is busy. */
  readonly roomAhead: number
  sendAhead(runs: readonly HeldRun[]): void
  /** Whether a run was sent to it and has not ended. */
  has(run: HeldRun): boolean
  /** Aborts a run's signal; ends the process if the run has not ended after a grace period. */
  abort(run: HeldRun, reason: unknown): void
  /** Ends the process at once. */
  kill(cause: ChildEndCause): void
  retire(cause: ChildEndCause): void
  /** The moment until which one of its runs lets it live has been moved. */
  updateLifetime(): void
  /** Sees whether its event loop answers. `forgive`: the supervisor was held up itself. */
  watch(now: number, owing: 'forgive' | 'insist'): void
  measured(measurement: Measurement): void
}

export interface ChildEvents {
  readonly ready: (child: Child) => void
  readonly run: (run: HeldRun, ended: EndedRun<unknown>) => void
  /** The child ended before it began this run; `blamed` is how the run ended if it is what ended the child. */
  readonly missed: (run: HeldRun, blamed: EndedRun<unknown>) => void
  /** Runs that were sent ahead were not begun, in order; another child may have them. */
  readonly givenBack: (runs: readonly HeldRun[]) => void
  readonly retired: (child: Child) => void
  /** It has ended, with these runs. */
  readonly ended: (child: Child, end: ChildEnd, runs: readonly string[]) => void
  /** Its event loop has not answered for so long, milliseconds, because of one of these runs; told once. */
  readonly blocked: (child: Child, ms: number, runs: readonly string[]) => void
  /** It answers again, after what these runs did. */
  readonly unblocked: (child: Child, ms: number, runs: readonly string[]) => void
  /** It holds more than `recycleMemory` before it has run anything. */
  readonly tight: (child: Child, residentBytes: number) => void
}

export interface ChildOptions {
  readonly slot: number
  readonly options: FilledPoolOptions
  readonly data: WireValue
  readonly sinks: OutputSinks | null
  readonly on: ChildEvents
}
