import { sleep, WorkerShutdownError, type Clock } from '@sisy/core/internal'
import type { HeldRuns } from './active-runs.js'

export interface ShutdownOptions {
  readonly clock: Clock
  readonly active: HeldRuns
  /** How long running runs may go on, milliseconds. */
  readonly drainMs: number
  /** Resolves when no run is held any more. */
  readonly idle: () => Promise<void>
  /** Aborted to end the waiting. */
  readonly hurry: AbortSignal
}

/**
 * Lets running runs end by themselves, then aborts what is left; an aborted callable that does not end is left behind
 * after the grace period of its execution. Resolves when every run has been finished or given back.
 */
export async function shutDown({ clock, active, drainMs, idle, hurry }: ShutdownOptions): Promise<void> {
  const drained = new AbortController()
  const allEnded = idle().then(() => {
    drained.abort()
  })
  await sleep(clock, drainMs, AbortSignal.any([drained.signal, hurry]))
  for (const { run, abort } of active) {
    abort.abort(
      new WorkerShutdownError(`The worker is shutting down; run ${run.id} is given back.`, { runId: run.id }),
    )
  }
  await allEnded
}
