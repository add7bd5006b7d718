import { errorRecord, RunCrashedError, type ClaimedRun, type Outcome } from '@sisy/core/internal'

/** Bounds how often a run is given back without counting, for what looks like another run's fault may be its own. */
export interface EvictionLimit {
  /**
   * @param pid its process; null if it never began.
   * @returns the outcome as it is, or `crashed` for a run that was evicted too often here.
   */
  judge(run: Pick<ClaimedRun, 'id' | 'callable'>, outcome: Outcome, pid: number | null): Outcome
}

/** So many times in a row in one worker are no accident. */
const mostEvictions = 3
/** Of so many runs the evictions are remembered; those that went to other workers are forgotten in time. */
const mostRuns = 1_000

export function createEvictionLimit(): EvictionLimit {
  const counts = new Map<string, number>()
  return {
    judge: (run, outcome, pid) => {
      if (outcome.kind !== 'evicted' || pid === null) {
        counts.delete(run.id)
        return outcome
      }
      const count = (counts.get(run.id) ?? 0) + 1
      if (counts.size >= mostRuns) counts.clear()
      counts.set(run.id, count)
      if (count < mostEvictions) return outcome
      counts.delete(run.id)
      const { stack: _stack, ...error } = errorRecord(
        new RunCrashedError(
          `Each of the last ${count} processes that ran ${run.callable} had to go because of what another run did or left behind; it may be this run's own doing.`,
          { runId: run.id, pid, exitCode: null, signal: null },
        ),
      )
      return { kind: 'crashed', error, exitCode: null, signal: null }
    },
  }
}
