import { findingOf, type Finding } from '../../endurance/finding.js'
import type { Change, SeenRun } from '../history/audit.js'
import type { History, RunHistory } from '../history/history.js'

/** Whether nobody wrote to a run whose lease was another's: no process, and no call of an earlier attempt. */
export function noStaleWrite({ runs }: History): Finding {
  const writes = runs.reduce((sum, { changes }) => sum + changes.filter(isDuringHold).length, 0)
  const faults = runs.flatMap((run) => [...foreignWrites(run), ...staleCalls(run)])
  return findingOf(`No write by a stale holder in ${writes} writes to running runs`, faults)
}

const isDuringHold = ({ old, new: to }: Change): boolean =>
  old?.state === 'running' && to?.state === 'running'

/** What anybody may write to a running run. */
const openToAll = ['cancelRequestedAt', 'taskId'] as const satisfies (keyof SeenRun)[]

function foreignWrites({ id, changes, holds }: RunHistory): string[] {
  return changes.filter(isDuringHold).flatMap(({ at, program, old, new: to }) => {
    const holder = holds.findLast(({ claimedAt }) => claimedAt <= at)?.program
    if (program === holder || old === null || to === null) return []
    const others = Object.fromEntries(openToAll.map((name) => [name, null]))
    const isAllowed = JSON.stringify({ ...old, ...others }) === JSON.stringify({ ...to, ...others })
    return isAllowed ? [] : [`${id}, held by ${holder ?? 'nobody'}, was written to by ${program}`]
  })
}

/** What a call writes bears its id; that call must have begun in the claim that the write was made in. */
function staleCalls({ id, changes, calls, holds }: RunHistory): string[] {
  return changes.flatMap(({ at, old, new: to }) => {
    const saved = to?.savedBy !== old?.savedBy ? to?.savedBy : null
    const ended = to?.resultOf !== old?.resultOf ? to?.resultOf : null
    const claimedAt = holds.findLast((hold) => hold.claimedAt <= at)?.claimedAt ?? Infinity
    return [saved, ended].flatMap((writer) => {
      if (writer == null) return []
      const call = calls.find((one) => one.id === writer)
      if (call !== undefined && call.beganAt >= claimedAt) return []
      return [`${id} was written to by call ${writer}, which began before the claim of that time`]
    })
  })
}
