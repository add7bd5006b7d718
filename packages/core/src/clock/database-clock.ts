import type { Clock } from './clock.js'

/**
 * The database's time, kept by monotonic time between measurements: processes on machines whose clocks differ agree,
 * and a jump of the wall clock changes nothing. Until the first measurement it is the underlying clock.
 */
export interface DatabaseClock extends Clock {
  /**
   * Takes over what the database said its time is.
   *
   * @param databaseNow the clock that came with a reply.
   * @param askedAt `monotonic()` before the question was sent; the reply is taken to have been made half-way.
   */
  measure(databaseNow: Date, askedAt: number): void
}

export function databaseClock(underlying: Clock): DatabaseClock {
  let measured: { readonly epochMs: number; readonly monotonic: number } | undefined
  return {
    now: () =>
      measured === undefined
        ? underlying.now()
        : new Date(Math.floor(measured.epochMs + underlying.monotonic() - measured.monotonic)),
    monotonic: () => underlying.monotonic(),
    after: (ms, callback) => underlying.after(ms, callback),
    measure: (databaseNow, askedAt) => {
      measured = { epochMs: databaseNow.getTime(), monotonic: (askedAt + underlying.monotonic()) / 2 }
    },
  }
}

/** A clock that is its own authority, such as one set by hand: measurements do not move it. */
export function fixedAuthority(clock: Clock): DatabaseClock {
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    after: (ms, callback) => clock.after(ms, callback),
    measure: () => undefined,
  }
}
