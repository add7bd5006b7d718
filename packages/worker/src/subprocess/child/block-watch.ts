import { createLiveness } from './liveness.js'

/** Watches whether a child's event loop answers, and decides what becomes of one that does not. */
export interface BlockWatch {
  /** Whether the child counts as blocked, and was told of. */
  readonly isBlocked: boolean
  /** How long its event loop took to answer, milliseconds; null before the first answer. */
  readonly lagMs: number | null
  /** How long it has been blocked, milliseconds; 0 while it is not. */
  blockedMs(now: number): number
  /** A turn of the pool's watch. `forgive`: the supervisor was held up itself. */
  turn(now: number, owing: 'forgive' | 'insist'): void
  /** The child answered. */
  answered(now: number): void
}

export interface BlockWatchOptions {
  readonly graceMs: number
  readonly ask: () => void
  /** Names of the runs whose code may be executing. */
  readonly names: () => readonly string[]
  /** Told once, with how long it has been so, milliseconds. */
  readonly onBlocked: (ms: number, names: readonly string[]) => void
  /** With the names it was told to be blocked by. */
  readonly onUnblocked: (ms: number, names: readonly string[]) => void
  /** Whether user code of a run that the child has is executing. */
  readonly runsSomething: () => boolean
  /** Whether a run was given up here whose code may still be executing. */
  readonly hasAbandoned: () => boolean
  /** It is blocked by what no run waits for. */
  readonly onStuck: () => void
  /** What was given up here keeps the other runs from going on. */
  readonly onOverrun: () => void
}

/** How often a child is asked that runs nothing, milliseconds; one that does is asked in each turn. */
const idlePauseMs = 5_000
/** A child that is blocked for so long while it runs nothing is replaced, milliseconds. */
const stuckAfterMs = 5_000

export function createBlockWatch(options: BlockWatchOptions): BlockWatch {
  const liveness = createLiveness()
  let askedAt = -Infinity
  let isBlocked = false
  let blockedBy: readonly string[] = []

  function judge(blockedMs: number): void {
    if (!isBlocked) {
      blockedBy = options.names()
      options.onBlocked(blockedMs, blockedBy)
    }
    isBlocked = true
    if (blockedMs >= stuckAfterMs && !options.runsSomething()) options.onStuck()
    else if (blockedMs >= options.graceMs && options.hasAbandoned()) options.onOverrun()
  }

  function ask(now: number): void {
    askedAt = now
    options.ask()
  }

  const isIdle = (): boolean => !options.runsSomething() && !options.hasAbandoned()

  return {
    get isBlocked() {
      return isBlocked
    },
    get lagMs() {
      return liveness.lagMs
    },
    blockedMs: (now) => liveness.blockedMs(now),
    turn: (now, owing) => {
      if (owing === 'forgive') liveness.forgive(now)
      if (!liveness.isOwed && isIdle() && now - askedAt < idlePauseMs) return
      const turn = liveness.turn(now)
      if (turn === 'ask') ask(now)
      if (turn === 'blocked') judge(liveness.blockedMs(now))
    },
    answered: (now) => {
      const ms = liveness.answered(now)
      if (!isBlocked) return
      isBlocked = false
      options.onUnblocked(ms, blockedBy)
    },
  }
}
