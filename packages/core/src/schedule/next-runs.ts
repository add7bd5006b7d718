import { createInstantCache } from './next-instant.js'

export interface NextRunsOptions {
  /** IANA name of the zone the schedule is read in. Default `UTC`. */
  readonly timezone?: string
  /** Only instants later than this one. */
  readonly after: Date
  /** How many instants, at least 0. Default 5. */
  readonly count?: number
}

/**
 * The coming instants of a schedule, ascending; fewer than `count` only at the end of the calendar.
 *
 * @throws {InvalidScheduleError} or {InvalidTimezoneError} when one of them cannot be read.
 */
export function nextRuns(schedule: string, { timezone = 'UTC', after, count = 5 }: NextRunsOptions): Date[] {
  const nextInstant = createInstantCache()
  const runs: Date[] = []
  let next = nextInstant(schedule, timezone, after)
  while (next !== null && runs.length < count) {
    runs.push(next)
    next = nextInstant(schedule, timezone, next)
  }
  return runs
}
