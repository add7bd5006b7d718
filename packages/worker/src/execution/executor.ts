import type { DecidedRun, Outcome, StartedRun } from '@sisy/core/internal'
import type { ActiveRun } from '../active-run.js'

/** Where user code runs: in this process, or in child processes. */
export interface Executor {
  /**
   * Resolves when runs can begin.
   *
   * @throws ConfigError when they never can.
   */
  start(): Promise<void>
  /** Whether user code runs in this very process. */
  readonly isInline: boolean
  /** How many more runs it could take at this moment, to begin them at once or, if they are quick, in a moment. */
  readonly free: number
  /** How many it has. */
  readonly executing: number
  /**
   * Takes an attempt to its end. An aborted one has a grace period to end by itself. Never rejects.
   *
   * @param limit its time limit, counted from its begin; null means none.
   */
  execute(active: ActiveRun, started: StartedRun, limit: TimeLimit | null): Promise<Execution>
  /** What keeps it from beginning runs, one sentence each. */
  problems(): string[]
  /** Ends it, when no run is left. */
  stop(): Promise<void>
}

/** How long an attempt may take. */
export interface TimeLimit {
  readonly ms: number
  /** Aborts the attempt. */
  readonly onOver: () => void
}

/** What is known of an attempt besides its outcome. */
export type AttemptFacts = Pick<DecidedRun, 'pid' | 'peakMemory' | 'cpuMs' | 'output'>

/** How an attempt ended, and what it took. */
export interface Execution {
  readonly outcome: Outcome
  readonly facts: AttemptFacts
  /** The slot of its child process; null when it ran in the worker itself, or never began. */
  readonly child: number | null
  /** Milliseconds of user code. */
  readonly durationMs: number
}
