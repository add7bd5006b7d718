import {
  decideTransition,
  errorRecord,
  LeaseLostError,
  RunCancelledError,
  RunCrashedError,
  RunTimeoutError,
  type Clock,
  type Outcome,
  type StartedRun,
  type Store,
  type Transition,
} from '@sisy/core/internal'
import type { ActiveRun } from './active-run.js'
import type { Execution, Executor, TimeLimit } from './execution/executor.js'
import type { FinishQueue } from './finish-queue.js'

export interface PipelineOptions {
  readonly store: Store
  readonly clock: Clock
  readonly finishQueue: FinishQueue
  readonly workerId: string
  /** Where runs of a queue are executed. */
  readonly executorOf: (queue: string) => Executor
  /** The time limit of a queue's runs whose task says nothing, seconds; null means none. */
  readonly timeoutOf: (queue: string) => number | null
  /** Between 0 and 1; spreads retries. */
  readonly random: () => number
}

/** How one attempt went, for logs and metrics. */
export interface Finished extends Omit<Execution, 'outcome'> {
  readonly outcome: Outcome
  readonly transition: Transition
  /** False when the lease was lost: nothing was written. */
  readonly written: boolean
}

/** Takes one started run to its end: execute, decide, finish. Never rejects for what user code does. */
export async function runPipeline(
  active: ActiveRun,
  started: StartedRun,
  options: PipelineOptions,
): Promise<Finished> {
  const { run } = active
  const execution = await execute(active, started, options)
  const { outcome, facts } = execution
  const decided = { ...run, startedAt: active.startedAt, workerId: options.workerId, ...facts }
  const transition = decideTransition(outcome, decided, options.clock.now(), options.random())
  if (outcome.kind === 'lost') return { ...execution, transition, written: false }
  const written = await options.finishQueue.push(active, transition)
  if (written && transition.deleteTask && run.taskId !== null) await options.store.deleteTasks([run.taskId])
  return { ...execution, transition, written }
}

async function execute(
  active: ActiveRun,
  started: StartedRun,
  { executorOf, timeoutOf }: PipelineOptions,
): Promise<Execution> {
  if (started.cancelRequested) return cancelledBeforeBegin
  const { queue, timeoutSeconds } = active.run
  const limit = timeLimit(active, timeoutSeconds ?? timeoutOf(queue))
  return executorOf(queue).execute(active, started, limit)
}

const cancelledBeforeBegin: Execution = {
  outcome: { kind: 'cancelled' },
  facts: { pid: null, peakMemory: null, cpuMs: null, output: [] },
  child: null,
  durationMs: 0,
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
