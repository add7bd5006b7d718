import { findingOf, type Finding } from '../../endurance/finding.js'
import type { History, RunHistory } from '../history/history.js'
import { strikesOn } from '../history/struck.js'

/** Whether no run of one attempt was failed as lost that had not begun: the attempt of such a run does not count. */
export function lastAttemptBegan({ runs, injections }: History): Finding {
  const lost = runs.filter(
    ({ last, holds }) =>
      last?.state === 'failed' && last.maxAttempts === 1 && holds.at(-1)?.end?.cause === 'lost',
  )
  const faults = lost
    .filter((run) => !hadBegun(run, injections))
    .map(({ id, holds }) => `${id} was lost with ${holds.at(-1)?.program ?? 'nobody'}, and had not begun`)
  return findingOf(`All ${lost.length} runs of a single attempt that failed as lost had begun`, faults)
}

/** By the ledger; a call that could not reach the database may have begun all the same. */
function hadBegun({ calls, holds }: RunHistory, injections: History['injections']): boolean {
  const hold = holds.at(-1)
  if (hold?.startedAt == null) return false
  const called = calls.some(({ program, beganAt }) => program === hold.program && beganAt >= hold.claimedAt)
  return (
    called ||
    strikesOn(hold, injections).some(({ fault }) => ['database', 'network', 'pooler'].includes(fault.reach))
  )
}
