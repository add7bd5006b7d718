import type { Change, SeenRun } from './audit.js'

/** One claim of a run, from its beginning to its end. */
export interface Hold {
  readonly run: string
  readonly callable: string
  readonly token: string | null
  /** Label of the process that claimed it. */
  readonly program: string
  readonly claimedAt: number
  readonly maxAttempts: number
  /** When user code began; null if that was never written. */
  readonly startedAt: number | null
  /** When that was written. */
  readonly startWrittenAt: number | null
  /** Null while it goes on. */
  readonly end: HoldEnd | null
}

export interface HoldEnd {
  readonly at: number
  /** Label of the process that wrote it. */
  readonly by: string
  /** The row before and after. */
  readonly from: SeenRun
  readonly to: SeenRun | null
  /** What was added to the attempt log: how the attempt ended; null when nothing was. */
  readonly cause: string | null
}

type Growing = { -readonly [Name in keyof Hold]: Hold[Name] }

/** All claims of one run, in their order. */
export function holdsOf(changes: readonly Change[]): Hold[] {
  const holds: Growing[] = []
  for (const change of changes) {
    const { old: from, new: to } = change
    const held = holds.at(-1)
    const wasRunning = from?.state === 'running'
    const isClaim = to?.state === 'running' && (!wasRunning || from.leaseToken !== to.leaseToken)
    if (wasRunning && held !== undefined && (isClaim || to?.state !== 'running'))
      held.end = endOf(change, from)
    if (isClaim) holds.push(claimOf(change, to))
    // The end of a quick one-shot tells its start, too.
    else if (held !== undefined && wasRunning && to !== null && to.startedAt !== null) {
      held.startedAt ??= to.startedAt
      held.startWrittenAt ??= change.at
    }
  }
  return holds
}

function claimOf({ run, program, at }: Change, to: SeenRun): Growing {
  return {
    run,
    callable: to.callable,
    token: to.leaseToken,
    program,
    claimedAt: at,
    maxAttempts: to.maxAttempts,
    startedAt: to.startedAt,
    startWrittenAt: to.startedAt === null ? null : at,
    end: null,
  }
}

function endOf({ at, program, new: to }: Change, from: SeenRun): HoldEnd {
  const logged = to !== null && JSON.stringify(to.lastEntry) !== JSON.stringify(from.lastEntry)
  return { at, by: program, from, to, cause: logged ? (to.lastEntry?.cause ?? null) : null }
}
