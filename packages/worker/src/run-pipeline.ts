import {
  decideTransition,
  errorRecord,
  InvalidRecordKeyError,
  LeaseLostError,
  prepareCall,
  RecordMissingError,
  RunCancelledError,
  RunTimeoutError,
  type Clock,
  type Outcome,
  type SisyRuntime,
  type StartedRun,
  type Store,
  type Transition,
} from '@sisy/core/internal'
import type { ActiveRun } from './active-run.js'
import { executeInline } from './execute-inline.js'
import type { FinishQueue } from './finish-queue.js'
import { makeContext, saveUnderLease } from './make-context.js'

export interface PipelineOptions {
  readonly runtime: SisyRuntime
  readonly store: Store
  readonly clock: Clock
  readonly finishQueue: FinishQueue
  readonly workerId: string
  readonly pid: number
  /** How long an aborted callable may take to end, milliseconds. */
  readonly graceMs: number
  /** Aborted to grant no such time any more. */
  readonly hurry: AbortSignal
  /** Between 0 and 1; spreads retries. */
  readonly random: () => number
}

/** How one attempt went, for logs and metrics. */
export interface Finished {
  readonly outcome: Outcome
  readonly transition: Transition
  /** False when the lease was lost: nothing was written. */
  readonly written: boolean
}

/** Takes one started run to its end: resolve, execute, decide, finish. Never rejects for what user code does. */
export async function runPipeline(
  active: ActiveRun,
  started: StartedRun,
  options: PipelineOptions,
): Promise<Finished> {
  const { run } = active
  const outcome = await execute(active, started, options)
  const now = options.clock.now()
  const decided = { ...run, startedAt: active.startedAt, workerId: options.workerId, pid: options.pid }
  const transition = decideTransition(outcome, decided, now, options.random())
  if (outcome.kind === 'lost') return { outcome, transition, written: false }
  const written = await options.finishQueue.push(active, transition)
  if (written && transition.deleteTask && run.taskId !== null) await options.store.deleteTasks([run.taskId])
  return { outcome, transition, written }
}

async function execute(active: ActiveRun, started: StartedRun, options: PipelineOptions): Promise<Outcome> {
  const { run, abort } = active
  const { clock, store } = options
  if (started.cancelRequested) return { kind: 'cancelled' }
  const cancelTimeout = abortOnTimeout(active, clock)
  try {
    const callable = await prepareCall(options.runtime, run)
    const save = saveUnderLease(store, { id: run.id, leaseToken: active.leaseToken }, run.attempt)
    const context = makeContext(run, started, abort, save)
    const { graceMs, hurry } = options
    return await executeInline({ call: () => callable(context), abort, clock, graceMs, hurry })
  } catch (thrown) {
    return outcomeOfRefusal(thrown)
  } finally {
    cancelTimeout()
  }
}

/** How an attempt ends that could not begin. A row that names no record can never be called, so it is not tried again. */
function outcomeOfRefusal(thrown: unknown): Outcome {
  const error = errorRecord(thrown)
  if (thrown instanceof RecordMissingError) return { kind: 'missing', error }
  if (thrown instanceof InvalidRecordKeyError) return { kind: 'discard', reason: error.message }
  return { kind: 'error', error }
}

function abortOnTimeout({ run, abort }: ActiveRun, clock: Clock): () => void {
  const { timeoutSeconds, id } = run
  if (timeoutSeconds === null) return () => undefined
  return clock.after(timeoutSeconds * 1000, () => {
    abort.abort(
      new RunTimeoutError(
        `Run ${id} (${run.callable}) took longer than its timeoutSeconds of ${timeoutSeconds}.`,
        {
          runId: id,
          timeoutSeconds,
        },
      ),
    )
  })
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
