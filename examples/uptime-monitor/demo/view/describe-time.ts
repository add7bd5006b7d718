const SOON_MS = 60_000

/** A time of day on this machine: `14:05:09`. */
export function timeOfDay(instant: Date): string {
  return instant.toLocaleTimeString('en-GB')
}

/** A length of time: `12 ms`, `1.4 s`. */
export function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}

/** When something comes, as seen from `now`: `in 3 s` when it is soon, else its time in that zone, `Mon 06:00`. */
export function whenNext(instant: Date, now: Date, timeZone: string): string {
  const ms = instant.getTime() - now.getTime()
  if (ms <= 0) return 'now'
  if (ms < SOON_MS) return `in ${Math.ceil(ms / 1000)} s`
  return instant.toLocaleString('en-GB', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit' })
}
