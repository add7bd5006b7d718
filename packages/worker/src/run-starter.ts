import type { ClaimedRun, Clock, Logger, Outcome, OutcomeRun, Store } from '@sisy/core/internal'
import { createRunAbort, type ActiveRun } from './active-run.js'
import type { FinishQueue } from './finish-queue.js'
import { giveUpAt } from './lease-times.js'
import { giveBack, runPipeline, type Finished, type PipelineOptions } from './run-pipeline.js'
import type { Lanes } from './execution/lanes.js'
import { logFinished } from './log-finished.js'
import type { WorkerMetrics } from './metrics/worker-metrics.js'

export interface RunStarterOptions extends PipelineOptions {
  readonly store: Store
  readonly clock: Clock
  readonly finishQueue: FinishQueue
  readonly logger: Logger
  readonly leaseMs: number
  readonly lanes: Lanes
  readonly metrics: WorkerMetrics
  /** The runs this worker holds; added and removed here. */
  readonly active: Set<ActiveRun>
  /** An attempt's end was written. */
  readonly onOutcome: (run: OutcomeRun, outcome: Outcome) => void
  /** A run is to be tried again at an instant. */
  readonly onScheduled: (dueAt: Date) => void
  /** A run has ended and its slot is free. */
  readonly onFreed: () => void
}

/** A run that had completed has succeeded, whatever its callable did afterwards. */
function countedAs({ state, outcome }: Finished): Outcome['kind'] {
  if (state === null) return 'lost'
  return state === 'succeeded' ? 'ok' : outcome.kind
}

/** Takes claimed runs over: marks their start in one statement, then runs each through the pipeline. */
export function createRunStarter(options: RunStarterOptions) {
  const { store, clock, logger, active, lanes } = options

  function hold(run: ClaimedRun, leaseToken: string, askedAt: number): ActiveRun {
    const held: ActiveRun = {
      run,
      leaseToken,
      giveUpAt: giveUpAt(askedAt, options.leaseMs),
      startedAt: null,
      abort: createRunAbort(),
    }
    active.add(held)
    lanes.of(run.queue).hold()
    return held
  }

  function free(held: ActiveRun): void {
    active.delete(held)
    lanes.of(held.run.queue).release()
    options.onFreed()
  }

  async function follow(held: ActiveRun, ended: Promise<Finished>): Promise<void> {
    try {
      const finished = await ended
      measure(held, finished)
      logFinished(logger, held, finished, clock)
      tell(held, finished)
      await deleteTask(held, finished)
    } catch (error) {
      logger.error(
        { err: error, run: held.run.id },
        `Run ${held.run.id} (${held.run.callable}) could not be ended; it will be rescued.`,
      )
    } finally {
      free(held)
    }
  }

  function measure({ run, startedAt }: ActiveRun, finished: Finished): void {
    const { child, durationMs, facts } = finished
    options.metrics.runEnded({
      child,
      outcome: countedAs(finished),
      durationMs,
      queueDelayMs: startedAt === null ? 0 : Math.max(0, startedAt.getTime() - run.dueAt.getTime()),
      cpuMs: facts.cpuMs,
      peakMemory: facts.peakMemory,
    })
  }

  function tell({ run }: ActiveRun, { outcome, transition: { dueAt }, state }: Finished): void {
    if (state === null) return
    const { id: runId, taskId, label, callable, queue, attempt, maxAttempts } = run
    options.onOutcome({ runId, taskId, label, callable, queue, attempt, maxAttempts, state }, outcome)
    if (state === 'scheduled' && dueAt !== null) options.onScheduled(dueAt)
  }

  async function deleteTask({ run }: ActiveRun, { state, transition }: Finished): Promise<void> {
    if (state === null || !transition.deleteTask || run.taskId === null) return
    try {
      await store.deleteTasks([run.taskId])
    } catch (error) {
      logger.warn(
        { err: error, task: run.taskId },
        `Task ${run.taskId} (${run.label}), whose record is gone, could not be deleted; its next run will try again.`,
      )
    }
  }

  return async (runs: readonly ClaimedRun[], leaseToken: string, askedAt: number): Promise<void> => {
    const holding = runs.map((run) => hold(run, leaseToken, askedAt))
    const now = clock.now()
    try {
      const started = await store.startRuns(
        now,
        runs.map(({ id }) => ({ id, leaseToken })),
      )
      const byId = new Map(started.map((run) => [run.id, run]))
      for (const held of holding) {
        const found = byId.get(held.run.id)
        if (found === undefined) {
          // Lost, or another transaction holds its row for a moment.
          void follow(held, giveBack(held, options))
          continue
        }
        held.startedAt = now
        void follow(held, runPipeline(held, found, options))
      }
    } catch (error) {
      // Whether they were marked is not known; nothing of theirs has begun, so the claim can be given back.
      for (const held of holding) free(held)
      throw error
    }
  }
}
