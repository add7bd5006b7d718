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
  type Store,
  type Transition,
} from '@sisy/core/internal'
import type { ActiveRun } from './active-run.js'
import type { Execution, Executor, TimeLimit } from './execution/executor.js'
import { outcomeOfAbort } from './execution/outcome-of-abort.js'
import type { FinishQueue } from './finish-queue.js'

export interface PipelineOptions {
  readonly store: Store
  readonly clock: Clock
  readonly finishQueue: FinishQueue
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

/** How one attempt went, for logs and metrics. */
export interface Finished extends Omit<Execution, 'outcome'> {
  readonly outcome: Outcome
  readonly transition: Transition
  /**
   * The state that the run is in now: the transition's, unless somebody cancelled it meanwhile or it had completed
   * before. Null when the lease was lost: nothing was written.
   */
  readonly state: Transition['state'] | null
}

/**
 * Takes one started run to its end: execute, decide, finish. An end that the database refuses becomes a failure, so that
 * user code is not run again for it.
 *
 * Never rejects for what user code does.
 *
 * @throws whatever the database has against that failure, too; the run is left to the end of its lease.
 */
export async function runPipeline(
  active: ActiveRun,
  started: StartedRun,
  options: PipelineOptions,
): Promise<Finished> {
  const { run } = active
  const execution = await execute(active, started, options)
  const decided = { ...run, startedAt: active.startedAt, workerId: options.workerId, ...execution.facts }

  async function end(outcome: Outcome): Promise<{ finished: Finished } | { refused: unknown }> {
    const transition = decideTransition(outcome, decided, options.clock.now(), options.random())
    const ending = outcome.kind === 'lost' ? 'lost' : await options.finishQueue.push(active, transition)
    if (ending === 'lost') return { finished: { ...execution, outcome, transition, state: null } }
    if ('refused' in ending) return ending
    return { finished: { ...execution, outcome, transition, state: ending.written } }
  }

  let ended = await end(execution.outcome)
  if ('refused' in ended) ended = await end(redactOutcome(refusedByDatabase(ended.refused), options.redact))
  if ('refused' in ended) throw ended.refused
  return ended.finished
}

/** Gives back a run that could not be marked as started. */
export async function giveBack(active: ActiveRun, options: PipelineOptions): Promise<Finished> {
  const execution = notBegun({ kind: 'evicted' })
  const decided = { ...active.run, startedAt: null, workerId: options.workerId, ...execution.facts }
  const transition = decideTransition(execution.outcome, decided, options.clock.now(), options.random())
  const ending = await options.finishQueue.push(active, transition)
  return {
    ...execution,
    transition,
    state: typeof ending === 'object' && 'written' in ending ? ending.written : null,
  }
}

/** The callable has done its work: an end that cannot be written must not make it do it again. */
function refusedByDatabase(error: unknown): Outcome {
  return { kind: 'discard', reason: `The database refused its end: ${errorRecord(error).message}` }
}

async function execute(
  active: ActiveRun,
  started: StartedRun,
  { clock, executorOf, timeoutOf }: PipelineOptions,
): Promise<Execution> {
  if (started.cancelRequested) return notBegun({ kind: 'cancelled' })
  // This process was stopped, or the database slow: another worker may have it by now.
  if (active.giveUpAt <= clock.monotonic()) return notBegun({ kind: 'lost' })
  if (active.abort.reason !== undefined) return notBegun(outcomeOfAbort(active.abort.reason))
  const oversize = started.task === null ? active.run.oversize : started.oversize
  if (oversize !== null) return notBegun({ kind: 'discard', reason: oversizeReason(oversize) })
  const { queue, timeoutSeconds } = active.run
  const limit = timeLimit(active, timeoutSeconds ?? timeoutOf(queue))
  return executorOf(queue).execute(active, started, limit)
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
