import type { Logger } from '@sisy/core/internal'
import type { HeldRuns } from './active-runs.js'
import type { Lanes } from './execution/lanes.js'

export interface HeldUpReportOptions {
  readonly logger: Logger
  readonly active: HeldRuns
  readonly lanes: Lanes
  readonly leaseMs: number
}

/**
 * Warns that this process was held up for a good part of a lease while user code ran in it, which is likely why. With
 * child processes user code holds up nothing here, and nothing is told.
 *
 * @returns takes for how long it was, milliseconds.
 */
export function heldUpReporter({
  logger,
  active,
  lanes,
  leaseMs,
}: HeldUpReportOptions): (ms: number) => void {
  return (ms) => {
    const inline = [...active].filter(
      ({ run, startedAt }) => startedAt !== null && lanes.of(run.queue).executor.isInline,
    )
    if (inline.length === 0) return
    const callables = [...new Set(inline.map(({ run }) => run.callable))]
    logger.warn(
      { runs: inline.map(({ run }) => run.id) },
      `This process was held up for ${seconds(ms)} while it ran ${callables.join(', ')}, so the leases of its runs could ` +
        `not be renewed; they last ${seconds(leaseMs)}. Run what blocks the event loop in child processes, that is without worker.inline.`,
    )
  }
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`
}
