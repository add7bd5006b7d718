import { behaviours, type Failure } from '../behaviours.js'
import { findingOf, type Finding } from '../../endurance/finding.js'
import type { EndedRow, LogEntry } from './read-runs.js'

/** Whether runs that behave have succeeded, and each kind of misbehaviour was recorded as what it was. */
export function outcomesMatch(runs: readonly EndedRow[]): Finding {
  const ended = runs.filter(({ state }) => state === 'succeeded' || state === 'failed')
  const entries = runs.flatMap(({ log }) => log)
  const causes = [...new Set(entries.map(({ cause }) => cause))].sort()
  const counts = causes.map((cause) => `${entries.filter((entry) => entry.cause === cause).length} ${cause}`)
  return findingOf(
    `All ${ended.length} outcomes are what the callables asked for; failed attempts: ${counts.join(', ') || 'none'}`,
    runs.flatMap((run) => faultsOf(run).map((fault) => `${run.callable} ${run.id} ${fault}`)),
  )
}

function faultsOf(run: EndedRow): string[] {
  const behaviour = behaviours[run.callable]
  if (behaviour === undefined) return ['is of no known callable']
  const { failure } = behaviour
  const wanted = failure === null ? 'succeeded' : 'failed'
  const faults = run.log.flatMap((entry) =>
    matches(entry, failure) ? [] : [`failed by ${JSON.stringify(entry).slice(0, 300)}`],
  )
  if (run.finished && run.state !== wanted) faults.push(`is ${run.state} and should be ${wanted}`)
  if (run.callable === 'quick' && run.state === 'succeeded' && run.result !== run.n)
    faults.push(`has the result ${JSON.stringify(run.result)} and should have ${run.n}`)
  return faults
}

function matches(entry: LogEntry, failure: Failure | null): boolean {
  if (failure === null) return false
  return (
    entry.cause === failure.cause && entry.exitCode === failure.exitCode && entry.signal === failure.signal
  )
}
