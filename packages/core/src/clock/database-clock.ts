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
   * @returns how far that moved this clock, milliseconds; 0 for the first measurement. More than a moment means that this
   *   machine slept, or that the database's clock was set.
   */
  measure(databaseNow: Date, askedAt: number): number
  /**
   * How far the machine's clock has moved from monotonic time since the last measurement, milliseconds; negative when it
   * was set back. More than a moment means that the machine slept, so that this clock is behind, or that its clock was set.
   */
  partedMs(): number
  /**
   * The same since this clock was made: whoever compares two of them learns of every jump, whatever was measured in
   * between.
   */
  driftMs(): number
}

/** How far the machine's clock may move from monotonic time before the database's time is in doubt, milliseconds. */
const doubtfulMs = 1_000

/** Whether the machine slept, or its clock was set, since the last measurement: then this one may be wrong. */
export function isDoubtful(clock: DatabaseClock): boolean {
  return Math.abs(clock.partedMs()) > doubtfulMs
}

export function databaseClock(underlying: Clock): DatabaseClock {
  let measured: { readonly epochMs: number; readonly monotonic: number; readonly driftMs: number } | undefined
  const apart = (): number => underlying.now().getTime() - underlying.monotonic()
  const apartAtFirst = apart()
  const driftMs = (): number => apart() - apartAtFirst
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
      const before = estimate()
      const epochMs = Math.min(latest, Math.max(earliest, before))
      measured = { epochMs, monotonic, driftMs: driftMs() }
      return Number.isFinite(before) ? epochMs - before : 0
    },
    partedMs: () => (measured === undefined ? 0 : driftMs() - measured.driftMs),
    driftMs,
  }
}

/** A clock that is its own authority, such as one set by hand: measurements do not move it, and nothing else does. */
export function fixedAuthority(clock: Clock): DatabaseClock {
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    after: (ms, callback) => clock.after(ms, callback),
    measure: () => 0,
    partedMs: () => 0,
    driftMs: () => 0,
  }
}
