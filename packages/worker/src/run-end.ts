import type { Logger, Outcome, OutcomeRun, Store } from '@sisy/core/internal'
import type { WorkerMetrics } from './metrics/worker-metrics.js'
import type { RunLog } from './run-log.js'
import type { Ended, StateNow } from './run-pipeline.js'

export interface RunEndOptions {
  readonly store: Store
  readonly logger: Logger
  readonly log: RunLog
  readonly metrics: WorkerMetrics
  /** An attempt's end was written. */
  readonly onOutcome: (run: OutcomeRun, outcome: Outcome) => void
  /** A run is to be tried again at an instant. */
  readonly onScheduled: (dueAt: Date) => void
}

/** A run that had completed has succeeded, whatever its callable did afterwards. */
function countedAs({ outcome }: Ended, state: StateNow): Outcome['kind'] {
  if (state === null) return 'lost'
  return state === 'succeeded' ? 'ok' : outcome.kind
}

/** What follows the end of an attempt: it is measured, logged and told, and a task whose record is gone is deleted. */
export function createRunEnd({ store, logger, log, metrics, onOutcome, onScheduled }: RunEndOptions) {
  function measure(ended: Ended, state: StateNow): void {
    const { active, child, durationMs, facts } = ended
    const { run, startedAt } = active
    metrics.runEnded({
      child,
      outcome: countedAs(ended, state),
      durationMs,
      queueDelayMs: startedAt === null ? 0 : Math.max(0, startedAt.getTime() - run.dueAt.getTime()),
      cpuMs: facts.cpuMs,
      peakMemory: facts.peakMemory,
    })
  }

  function tell({ active, outcome, transition: { dueAt } }: Ended, state: StateNow): void {
    if (state === null) return
    const { id: runId, taskId, label, callable, queue, attempt, maxAttempts } = active.run
    onOutcome({ runId, taskId, label, callable, queue, attempt, maxAttempts, state }, outcome)
    if (state === 'scheduled' && dueAt !== null) onScheduled(dueAt)
  }

  async function deleteTask({ active: { run } }: Ended, state: StateNow): Promise<void> {
    if (state === null || run.taskId === null) return
    try {
      await store.deleteTasks([run.taskId])
    } catch (error) {
      logger.warn(
        { err: error, task: run.taskId },
        `Task ${run.taskId} (${run.label}), whose record is gone, could not be deleted; its next run will try again.`,
      )
    }
  }

  return (ended: Ended, state: StateNow): void | Promise<void> => {
    log.ended(ended, state)
    // What was claimed ahead and found no slot has had no attempt.
    if (ended.outcome.kind === 'evicted' && ended.active.startedAt === null) return
    measure(ended, state)
    tell(ended, state)
    if (ended.transition.deleteTask) return deleteTask(ended, state)
  }
}
