import { findingOf, type Finding } from '../../endurance/finding.js'
import type { EndedRow } from './read-runs.js'

/** Whether each attempt that counts began once and has one recorded end, and nothing else began. */
export function attemptsRecorded(runs: readonly EndedRow[]): Finding {
  const attempts = runs.reduce((sum, { attempt }) => sum + attempt, 0)
  const begins = runs.reduce((sum, { begun }) => sum + begun.length, 0)
  const givenBack = runs.reduce((sum, run) => sum + begunInVain(run), 0)
  const faults = runs.flatMap((run) => faultsOf(run).map((fault) => `${run.callable} ${run.id} ${fault}`))
  return findingOf(
    `Each of ${attempts} attempts began once and has one recorded end; ${begins} begins, ${givenBack} of them given back when the workers ended`,
    faults,
  )
}

/** Begins of an attempt that was given back when its worker ended, and so does not count. */
function begunInVain({ state, attempt, begun }: EndedRow): number {
  return state === 'due' ? begun.filter((begin) => begin === attempt + 1).length : 0
}

function faultsOf(run: EndedRow): string[] {
  const { state, attempt, log, begun } = run
  const ends = [...log.map((entry) => entry.attempt), ...(state === 'succeeded' ? [attempt] : [])]
  const wanted = Array.from({ length: attempt }, (_, index) => index + 1)
  const faults: string[] = []
  if (ends.join() !== wanted.join())
    faults.push(`counts attempts ${wanted.join() || 'none'} and has ends of ${ends.join() || 'none'}`)
  const counted = begun.filter((begin) => begin <= attempt)
  if (counted.join() !== wanted.join() || begun.length !== counted.length + begunInVain(run))
    faults.push(
      `counts attempts ${wanted.join() || 'none'}, is ${state}, and began ${begun.join() || 'none'}`,
    )
  return faults
}
