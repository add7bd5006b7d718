/** Judges how many runs a claim is to take. */
export interface ClaimSize {
  /** How many runs to claim now. @param free how many can begin at once. @param now `monotonic()`. */
  next(free: number, now: number): number
  /** So many were claimed, at `monotonic()`. */
  claimed(count: number, now: number): void
  /** The execution of one has ended. */
  ended(): void
}

/**
 * The most runs that one claim takes. More would save little in the database, and cost more here: what is held outlives
 * the collector's first rounds, so from some 700 on it takes three times as long, and the heap grows.
 */
export const largestClaim = 500
/** What is claimed should begin within this, milliseconds. */
const soonMs = 50
/** A claim is at most so much larger than the one before. */
const growth = 4

/**
 * Claims of quick runs are large, since a claim costs little more for many runs than for one; slow ones are left to
 * other workers. What ended since the last claim tells how many slots will become free soon.
 */
export function createClaimSize(): ClaimSize {
  let last = { count: 0, at: -Infinity }
  let endedSince = 0
  return {
    next: (free, now) => {
      if (free === 0) return 0
      const soonFree = Math.floor((endedSince * soonMs) / Math.max(1, now - last.at))
      return Math.min(largestClaim, free + Math.min(soonFree, Math.max(free, last.count) * growth))
    },
    claimed: (count, now) => {
      last = { count, at: now }
      endedSince = 0
    },
    ended: () => {
      endedSince += 1
    },
  }
}
