import type { Clock } from './clock.js'

/**
 * The database's time, kept by monotonic time between measurements: processes on machines whose clocks differ agree,
 * and a jump of the wall clock changes nothing. Until the first measurement it is the underlying clock.
 */
export interface DatabaseClock extends Clock {
  /**
   * Takes over what the database said its time is. A slow reply tells little: when it came, the database's clock stood
   * somewhere between what it told and that plus the whole wait, so what is known already stays as long as it lies in
   * between. The clock never runs ahead for a slow reply.
   *
   * @param databaseNow the clock that came with a reply.
   * @param askedAt `monotonic()` before the question was sent.
   */
  measure(databaseNow: Date, askedAt: number): void
}

export function databaseClock(underlying: Clock): DatabaseClock {
  let measured: { readonly epochMs: number; readonly monotonic: number } | undefined
  const estimate = (): number =>
    measured === undefined ? -Infinity : measured.epochMs + underlying.monotonic() - measured.monotonic
  return {
    now: () => (measured === undefined ? underlying.now() : new Date(Math.floor(estimate()))),
    monotonic: () => underlying.monotonic(),
    after: (ms, callback) => underlying.after(ms, callback),
    measure: (databaseNow, askedAt) => {
      const monotonic = underlying.monotonic()
      const earliest = databaseNow.getTime()
      const latest = earliest + monotonic - askedAt
      measured = { epochMs: Math.min(latest, Math.max(earliest, estimate())), monotonic }
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
