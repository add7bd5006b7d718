/** Where the pool gets time from. Tests give one they set by hand. */
export interface PoolClock {
  /** Milliseconds since some fixed moment, never going back. */
  monotonic(): number
  /** Calls back once after so many milliseconds. @returns cancels the call. */
  after(ms: number, callback: () => void): () => void
}

const longestTimerMs = 2_147_483_647

export const machineClock: PoolClock = {
  monotonic: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, Math.min(ms, longestTimerMs))
    return () => {
      clearTimeout(timer)
    }
  },
}

/** Milliseconds of a clock that all processes of this machine share, never going back. */
export function machineNow(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1000 + nanoseconds / 1e6
}
