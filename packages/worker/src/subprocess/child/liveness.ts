/** Whether a child's event loop answers. */
export interface Liveness {
  /** A turn of the pool's watch: asks, or finds that the last question has had no answer. `now` is monotonic. */
  turn(now: number): 'ask' | 'wait' | 'blocked'
  /** The child answered. @returns how long it was blocked, milliseconds; 0 if it was not. */
  answered(now: number): number
  /** The supervisor itself was held up: what a child owes is counted from now. */
  forgive(now: number): void
  /** How long the child has been blocked, milliseconds; 0 while it is not. */
  blockedMs(now: number): number
  /** Whether it was asked and has not answered. */
  readonly isOwed: boolean
  /** How long the last answer took, milliseconds; null before the first. */
  readonly lagMs: number | null
}

/** A child that has not answered for so long counts as blocked, milliseconds. */
export const blockedAfterMs = 2_000

export function createLiveness(): Liveness {
  let askedAt: number | null = null
  let lagMs: number | null = null
  const owed = (now: number): number => (askedAt === null ? 0 : now - askedAt)
  const blockedMs = (now: number): number => (owed(now) >= blockedAfterMs ? owed(now) : 0)
  return {
    turn: (now) => {
      if (askedAt !== null) return blockedMs(now) > 0 ? 'blocked' : 'wait'
      askedAt = now
      return 'ask'
    },
    answered: (now) => {
      const blocked = blockedMs(now)
      lagMs = owed(now)
      askedAt = null
      return blocked
    },
    forgive: (now) => {
      if (askedAt !== null) askedAt = now
    },
    blockedMs,
    get isOwed() {
      return askedAt !== null
    },
    get lagMs() {
      return lagMs
    },
  }
}
