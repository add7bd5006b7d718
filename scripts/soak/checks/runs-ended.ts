import { findingOf, type Finding } from '../../endurance/finding.js'
import type { EndedRow } from './read-runs.js'

/** Whether every run has ended, or waits as if nobody had touched it, and none was lost. */
export function runsEnded(runs: readonly EndedRow[], enqueued: number): Finding {
  const count = (wanted: string): number => runs.filter(({ state }) => state === wanted).length
  const waiting = count('due') + count('scheduled')
  const faults = runs
    .filter((run) => !isSettled(run))
    .map(({ id, callable, state }) => `${callable} ${id} is ${state}`)
  if (runs.length !== enqueued) faults.push(`${enqueued} runs were enqueued, and ${runs.length} are there`)
  return findingOf(
    `All ${runs.length} runs have ended or wait: ${count('succeeded')} succeeded, ${count('failed')} failed, ${waiting} wait`,
    faults,
  )
}

function isSettled({ state, finished }: EndedRow): boolean {
  if (state === 'succeeded' || state === 'failed') return finished
  return (state === 'due' || state === 'scheduled') && !finished
}
