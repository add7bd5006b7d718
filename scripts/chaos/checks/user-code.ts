import { findingOf, type Finding } from '../../endurance/finding.js'
import type { Injection } from '../faults/inject-faults.js'
import { workerStopped } from '../faults/stopped.js'
import { networkStalled } from '../faults/network.js'
import type { Call, History, RunHistory } from '../history/history.js'

/** Whether user code ran only for whom the run was claimed, and never twice at once. */
export function userCode({ runs, injections }: History): Finding {
  const calls = runs.reduce((sum, run) => sum + run.calls.length, 0)
  const overlaps = runs.flatMap((run) => overlapsOf(run).map((overlap) => ({ run, ...overlap })))
  const explained = overlaps.filter(({ first }) => couldNotKnow(first, injections))
  const faults = [
    ...runs.flatMap((run) => unclaimed(run, injections)),
    ...overlaps
      .filter((overlap) => !explained.includes(overlap))
      .map(
        ({ run, first, second }) =>
          `${run.id} ran in ${first.program} until ${(first.heardAt - second.sentAt).toFixed(0)} ms after it began in ${second.program}`,
      ),
  ]
  return findingOf(
    `None of ${calls} calls was without a claim, and no two of a run at once but for ${explained.length} of processes that were frozen or heard late, and could not know`,
    faults,
  )
}

function unclaimed({ id, calls, holds }: RunHistory, injections: readonly Injection[]): string[] {
  const isClaimed = ({ program, beganAt }: Call): boolean =>
    holds.some(
      (hold) =>
        hold.program === program && hold.claimedAt <= beganAt && (hold.end === null || hold.end.at > beganAt),
    )
  return calls
    .filter((call) => !isClaimed(call) && !couldNotKnow(call, injections))
    .map((call) => `${id} ran in ${call.program} without a claim`)
}

function overlapsOf({ calls }: RunHistory): { readonly first: Call; readonly second: Call }[] {
  return calls.slice(1).flatMap((second, index) => {
    const first = calls[index]
    return first !== undefined && first.heardAt > second.sentAt ? [{ first, second }] : []
  })
}

/** A frozen process goes on where it stood; what a stalled one wrote arrives when the stall is over. */
function couldNotKnow({ program, sentAt, heardAt }: Call, injections: readonly Injection[]): boolean {
  return injections.some(
    ({ fault, program: struck, at, until }) =>
      (fault === workerStopped || fault === networkStalled) &&
      struck === program &&
      at <= heardAt &&
      until >= sentAt,
  )
}
