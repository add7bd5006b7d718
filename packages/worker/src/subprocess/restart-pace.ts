/** Paces the start of children, so that ones that cannot start, or do not last, make no storm. */
export interface RestartPace {
  /** A child did not get ready, or died soon without having run anything. */
  failed(now: number): void
  /** A child has proved itself. */
  proved(): void
  /** How many may be started now, given how many are missing and how many are starting. */
  allowed(now: number, missing: number, starting: number): number
  /** When the next start is allowed, monotonic; null when it is now. */
  readonly notBefore: number | null
  /** Failures since the last proof. */
  readonly failures: number
}

const firstDelayMs = 500
const longestDelayMs = 30_000

/** @param random between 0 and 1; spreads the starts of several workers in the same trouble. */
export function createRestartPace(random: () => number): RestartPace {
  let failures = 0
  let notBefore: number | null = null
  return {
    failed: (now) => {
      failures += 1
      const delay = Math.min(longestDelayMs, firstDelayMs * 2 ** (failures - 1))
      notBefore = now + delay * (0.75 + random() / 4)
    },
    proved: () => {
      failures = 0
      notBefore = null
    },
    allowed: (now, missing, starting) => {
      if (failures === 0) return missing
      // One scout finds out whether the trouble is over.
      return starting === 0 && missing > 0 && now >= (notBefore ?? now) ? 1 : 0
    },
    get notBefore() {
      return notBefore
    },
    get failures() {
      return failures
    },
  }
}
