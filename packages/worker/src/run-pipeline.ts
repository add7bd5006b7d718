import {
  decideTransition,
  errorRecord,
  LeaseLostError,
  oversizeReason,
  redactOutcome,
  RunCancelledError,
  RunCrashedError,
  RunTimeoutError,
  type Clock,
  type Outcome,
  type Redact,
  type StartedRun,
  type Transition,
} from '@sisy/core/internal'
import type { ActiveRun } from './active-run.js'
import type { Execution, Executor, TimeLimit } from './execution/executor.js'
import { outcomeOfAbort } from './execution/outcome-of-abort.js'

export interface PipelineOptions {
  readonly clock: Clock
  readonly workerId: string
  /** Where runs of a queue are executed. */
  readonly executorOf: (queue: string) => Pick<Executor, 'execute'>
  /** The time limit of a queue's runs whose task says nothing, seconds; null means none. */
  readonly timeoutOf: (queue: string) => number | null
  /** Takes out of a text what must not be stored; executors do so themselves. */
  readonly redact: Redact
  /** Between 0 and 1; spreads retries. */
  readonly random: () => number
}

/** An executed attempt, and what is to become of its run. */
export interface Ended extends Execution {
  readonly active: ActiveRun
  readonly transition: Transition
  /** True of the failure that stands for an end the database refused. */
  readonly isSubstitute: boolean
}

/**
 * The state that a run is in now: its transition's, unless somebody cancelled it meanwhile or it had completed before.
 * Null when the lease was lost: nothing was written.
 */
export type StateNow = Transition['state'] | null

/** What becomes of an attempt that was executed. */
export function endOf(
  active: ActiveRun,
  { outcome, facts, child, durationMs }: Execution,
  { clock, workerId, random }: PipelineOptions,
): Ended {
  const { run, startedAt } = active
  const { attempt, maxAttempts, backoff, onMissingRecord } = run
  const { pid, peakMemory, cpuMs, output } = facts
  const transition = decideTransition(
    outcome,
    { attempt, maxAttempts, backoff, onMissingRecord, startedAt, workerId, pid, peakMemory, cpuMs, output },
    clock.now(),
    random(),
  )
  return { active, outcome, facts, child, durationMs, transition, isSubstitute: false }
}

/** What becomes of a run that has not begun: it is given back. */
export function givenBack(active: ActiveRun, options: PipelineOptions): Ended {
  return endOf(active, notBegun({ kind: 'evicted' }), options)
}

/**
 * What becomes of an attempt whose end the database refused: a failure. The callable has done its work, so it must not
 * be made to do it again.
 */
export function failureOf(ended: Ended, refused: unknown, options: PipelineOptions): Ended {
  const reason = `The database refused its end: ${errorRecord(refused).message}`
  const outcome = redactOutcome({ kind: 'discard', reason }, options.redact)
  return { ...endOf(ended.active, { ...ended, outcome }, options), isSubstitute: true }
}

/** Executes a run that may begin. Never rejects. */
export function executeRun(
  active: ActiveRun,
  started: StartedRun,
  { clock, executorOf, timeoutOf }: PipelineOptions,
): Promise<Execution> {
  const hindrance = hindranceOf(active, started, clock)
  if (hindrance !== null) return Promise.resolve(notBegun(hindrance))
  const { queue, timeoutSeconds } = active.run
  const limit = timeLimit(active, timeoutSeconds ?? timeoutOf(queue))
  return executorOf(queue).execute(active, started, limit)
}

/** Why user code must not begin. */
function hindranceOf({ run, giveUpAt, abort }: ActiveRun, started: StartedRun, clock: Clock): Outcome | null {
  if (started.cancelRequested) return { kind: 'cancelled' }
  // This process was stopped, or the database slow: another worker may have it by now.
  if (giveUpAt <= clock.monotonic()) return { kind: 'lost' }
  if (abort.reason !== undefined) return outcomeOfAbort(abort.reason)
  const oversize = started.task === null ? run.oversize : started.oversize
  return oversize === null ? null : { kind: 'discard', reason: oversizeReason(oversize) }
}

function notBegun(outcome: Outcome): Execution {
  const facts = { pid: null, peakMemory: null, cpuMs: null, output: [] }
  return { outcome, facts, child: null, durationMs: 0 }
}

function timeLimit({ run, abort }: ActiveRun, timeoutSeconds: number | null): TimeLimit | null {
  if (timeoutSeconds === null) return null
  const { id, callable } = run
  return {
    ms: timeoutSeconds * 1000,
    onOver: () => {
      abort.abort(
        new RunTimeoutError(
          `Run ${id} (${callable}) took longer than its timeoutSeconds of ${timeoutSeconds}.`,
          { runId: id, timeoutSeconds },
        ),
      )
    },
  }
}

/** The reason of a run that somebody cancelled. */
export function cancelled(runId: string): RunCancelledError {
  return new RunCancelledError(`Run ${runId} was cancelled.`, { runId })
}

/** The reason of a run whose lease is gone. */
export function leaseLost(active: ActiveRun): LeaseLostError {
  const { id, attempt } = active.run
  return new LeaseLostError(
    `The lease of run ${id} (attempt ${attempt}) ended before it could be renewed; its result will not be saved.`,
    { runId: id, attempt },
  )
}

/** The reason of a run in a process that is ending by an exception nobody caught. */
export function crashed({ run }: ActiveRun, error: unknown): RunCrashedError {
  const { name, message } = errorRecord(error)
  return new RunCrashedError(
    `Worker process ${process.pid} ended while it ran ${run.callable}: nobody caught ${name}: ${message}`,
    { runId: run.id, pid: process.pid, exitCode: 1, signal: null },
    { cause: error },
  )
}
