import { findingOf, type Finding } from '../../endurance/finding.js'
import type { History, RunHistory } from '../history/history.js'
import type { Hold, HoldEnd } from '../history/holds.js'
import { strikesOn, wasHarmed } from '../history/struck.js'
import type { Injection } from '../faults/inject-faults.js'
import { groupBy } from '../history/group-by.js'

/** Whether every attempt that began has one end, and that tells what really happened. */
export function endsTrue({ runs, injections }: History): Finding {
  const begun = runs.flatMap(({ holds }) => holds.filter(({ startedAt }) => startedAt !== null))
  const causes = [...groupBy(begun, (hold) => causeOf(hold))]
    .map(([cause, group]) => `${group.length} ${cause}`)
    .sort()
  const faults = runs.flatMap((run) =>
    run.holds.flatMap((hold) =>
      faultsOf(hold, run, injections).map(
        (fault) => `${run.id} (${hold.callable}) of ${hold.program} ${fault}`,
      ),
    ),
  )
  return findingOf(
    `Each of ${begun.length} attempts that began has one end with its true cause: ${causes.join(', ')}`,
    faults,
  )
}

const causeOf = ({ end }: Hold): string => {
  if (end === null) return 'without an end'
  if (end.cause !== null) return end.cause
  return end.to?.state === 'succeeded' ? 'ok' : 'given back'
}

function faultsOf(hold: Hold, run: RunHistory, injections: readonly Injection[]): string[] {
  const { startedAt, end } = hold
  if (end?.to == null) return ['has no end']
  if (startedAt === null) return unbegun(hold, end, injections)
  if (!isTrue(hold, end, run, injections)) {
    const { lastEntry, state } = end.to
    const told = end.cause === null ? '' : `: ${JSON.stringify(lastEntry).slice(0, 400)}`
    return [`ended as ${causeOf(hold)} (${state}) at ${end.at.toFixed(0)}, which nothing explains${told}`]
  }
  return []
}

/** An attempt that did not begin does not count. */
function unbegun(hold: Hold, { by, from, to }: HoldEnd, injections: readonly Injection[]): string[] {
  if (to === null || to.state === 'cancelled' || by === hold.program) return []
  if (!wasHarmed(hold, injections)) return [`had not begun when ${by} took it back, which nothing explains`]
  const expected = from.attempt - 1
  return to.attempt === expected
    ? []
    : [`had not begun when ${by} took it back, and counts as attempt ${to.attempt}`]
}

function isTrue(hold: Hold, end: HoldEnd, run: RunHistory, injections: readonly Injection[]): boolean {
  const entry = end.to?.lastEntry
  const strikes = strikesOn(hold, injections)
  const cause = causeOf(hold)
  // Whoever takes a run back can say only one thing of it.
  if (end.by !== hold.program) return ['lost', 'cancelled'].includes(cause) && wasHarmed(hold, injections)
  switch (cause) {
    case 'ok':
      return run.calls.some(({ id }) => id === end.to?.resultOf)
    case 'error':
      if (entry?.error?.message === 'thrown on purpose') return hold.callable === 'throwing'
      return wasHarmed(hold, injections)
    case 'discard':
      return hold.callable === 'discarding'
    case 'cancelled':
      return end.from.cancelRequestedAt !== null
    case 'lost':
      return wasHarmed(hold, injections)
    case 'crashed':
      return (
        strikes.some(({ pid }) => entry?.signal === 'SIGKILL' && entry.pid === pid) ||
        strikes.some(({ fault }) => fault.reach === 'worker')
      )
    case 'given back':
      return hold.callable === 'snoozing' || strikes.length > 0
    default:
      return false
  }
}
