import type { Injection } from '../faults/inject-faults.js'
import type { Call, History, RunHistory } from './history.js'
import type { Hold } from './holds.js'

/** What an injection did, and when it was over. */
export interface Aftermath {
  readonly injection: Injection
  /** The runs that were held where it struck. */
  readonly affected: readonly string[]
  /** Milliseconds until the trouble was over; null when nothing was there to tell it by. */
  readonly recoveryMs: number | null
}

export function aftermathsOf(history: History): Aftermath[] {
  const starts = startsOf(history)
  const stamps = history.runs
    .flatMap(({ changes }) => changes)
    .filter(({ operation, program }) => operation === 'INSERT' && program.startsWith('heartbeat'))
    .map(({ program, at }) => ({ program, at }))
    .sort((a, b) => a.at - b.at)
  return history.injections.map((injection) => {
    const affected = history.runs.flatMap((run) =>
      run.holds.filter((hold) => isAffected(hold, run, injection)).map((hold) => ({ run, hold })),
    )
    return {
      injection,
      affected: affected.map(({ run }) => run.id),
      recoveryMs: recoveryOf(injection, affected, { starts, stamps }),
    }
  })
}

/** Something that a program did. */
interface Deed {
  readonly program: string
  readonly at: number
}

function startsOf({ runs }: History): Deed[] {
  return runs
    .flatMap(({ holds }) => holds)
    .flatMap(({ program, startWrittenAt }) =>
      startWrittenAt === null ? [] : [{ program, at: startWrittenAt }],
    )
    .sort((a, b) => a.at - b.at)
}

function isAffected(hold: Hold, { calls }: RunHistory, { fault, program, pid, at }: Injection): boolean {
  const held = hold.claimedAt <= at && (hold.end === null || hold.end.at > at)
  if (!held) return false
  if (fault.reach === 'database') return true
  if (hold.program !== program) return false
  return pid === null || calls.some((call) => call.pid === pid && isUnderWay(call, at))
}

const isUnderWay = ({ beganAt, overAt }: Call, at: number): boolean =>
  beganAt <= at && (overAt === null || overAt > at)

function recoveryOf(
  { fault, program, at, until }: Injection,
  affected: readonly { readonly run: RunHistory; readonly hold: Hold }[],
  { starts, stamps }: { readonly starts: readonly Deed[]; readonly stamps: readonly Deed[] },
): number | null {
  const firstAfter = (deeds: readonly Deed[], by: string): number | null => {
    const deed = deeds.find((one) => one.at >= until && one.program.startsWith(by))
    return deed === undefined ? null : deed.at - until
  }
  switch (fault.recovery.by) {
    case 'same runs':
      return latest(affected.map(({ run, hold }) => startedAgain(run, hold, at)))
    case 'any run':
      return firstAfter(starts, '')
    case 'same program':
      if (program?.startsWith('heartbeat') === true) return firstAfter(stamps, 'heartbeat')
      return firstAfter(starts, program?.replace(/\d+$/, '') ?? '')
  }
}

/** Milliseconds until a run was started again, without the pause before its retry; null when it was not to be. */
function startedAgain({ holds }: RunHistory, hold: Hold, at: number): number | null {
  const { end } = hold
  const next = holds.find((one) => one.claimedAt > hold.claimedAt && one.startWrittenAt !== null)
  if (end === null || next?.startWrittenAt == null) return null
  if (end.cause !== 'crashed' && end.by === hold.program) return null
  const dueAt = Math.max(end.at, end.to?.dueAt ?? end.at)
  return end.at - at + Math.max(0, next.startWrittenAt - dueAt)
}

function latest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null)
  return known.length === 0 ? null : Math.max(...known)
}
