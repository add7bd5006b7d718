import { findingOf, type Finding } from '../../endurance/finding.js'
import type { History } from '../history/history.js'

/** Whether what a callable did in the transaction that completes its run was done once, and only if the run succeeded. */
export function effectsOnce({ runs }: History): Finding {
  const completing = runs.filter(({ last }) => last?.callable === 'completing')
  const faults = completing
    .filter(({ last, effects }) => effects !== (last?.state === 'succeeded' ? 1 : 0))
    .map(({ id, last, effects }) => `${id} is ${last?.state}, and had ${effects} effects`)
  return findingOf(
    `Of ${completing.length} runs that complete themselves in a transaction each had its effect exactly once, or failed without it`,
    faults,
  )
}
