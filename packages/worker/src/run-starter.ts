import type { ClaimedRun, Clock, Logger, Outcome, OutcomeRun, Store } from '@sisy/core/internal'
import { createRunAbort, type ActiveRun } from './active-run.js'
import type { FinishQueue } from './finish-queue.js'
import { giveUpAt } from './lease-keeper.js'
import { runPipeline, type Finished, type PipelineOptions } from './run-pipeline.js'
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
      if (finished.written) tell(held, finished)
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
    const { child, durationMs, facts, written } = finished
    options.metrics.runEnded({
      child,
      outcome: written ? finished.outcome.kind : 'lost',
      durationMs,
      queueDelayMs: startedAt === null ? 0 : Math.max(0, startedAt.getTime() - run.dueAt.getTime()),
      cpuMs: facts.cpuMs,
      peakMemory: facts.peakMemory,
    })
  }

  function tell({ run }: ActiveRun, { outcome, transition }: Finished): void {
    const { id: runId, taskId, label, callable, queue, attempt, maxAttempts } = run
    const { state, dueAt } = transition
    options.onOutcome({ runId, taskId, label, callable, queue, attempt, maxAttempts, state }, outcome)
    if (dueAt !== null) options.onScheduled(dueAt)
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
          free(held)
          continue
        }
        held.startedAt = now
        void follow(held, runPipeline(held, found, options))
      }
    } catch (error) {
      // Whether they were marked is not known; the lease will tell, and nothing of theirs has begun.
      for (const held of holding) free(held)
      throw error
    }
  }
}
