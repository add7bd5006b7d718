import { findingOf, type Finding } from '../../endurance/finding.js'
import type { Injection } from '../faults/inject-faults.js'
import type { History, RunHistory } from '../history/history.js'
import { wasHarmed } from '../history/struck.js'

/** Whether the attempts that a killed child process was running are recorded as crashed by that signal. */
export function killedChildren({ runs, injections }: History): Finding {
  const kills = injections.filter(({ fault }) => fault.reach === 'child')
  const faults = kills.flatMap((kill) => runs.flatMap((run) => faultsOf(run, kill, injections)))
  return findingOf(
    `What ran in ${kills.length} child processes that were killed is recorded as killed`,
    faults,
  )
}

function faultsOf(
  { id, calls, holds }: RunHistory,
  kill: Injection,
  injections: readonly Injection[],
): string[] {
  const call = calls.find(
    ({ pid, program, beganAt }) => pid === kill.pid && program === kill.program && beganAt < kill.at,
  )
  const hold = holds.find(
    ({ program, claimedAt, end }) =>
      call !== undefined &&
      program === kill.program &&
      claimedAt <= call.beganAt &&
      (end?.at ?? Infinity) > kill.at,
  )
  const end = hold?.end
  if (hold === undefined || end == null) return []
  const entry = end.to?.lastEntry
  const isKilled = end.cause === 'crashed' && entry?.signal === 'SIGKILL' && entry.pid === kill.pid
  // It had just ended, or said how it ends; or the worker could not write what it saw.
  if (isKilled || end.cause !== 'lost' || wasHarmed(hold, injections)) return []
  return [`${id} was running in process ${kill.pid} when that was killed, and ended as ${end.cause}`]
}
