import { inspect } from 'node:util'
import { InvalidTaskError } from '../errors/errors.js'
import { readDate } from '../task/read-date.js'
import { createInstantCache } from './next-instant.js'

export interface NextRunsOptions {
  /** IANA name of the zone the schedule is read in. Default `UTC`. */
  readonly timezone?: string
  /** Only instants later than this one: a `Date`, or an ISO string with an offset. */
  readonly after: Date | string
  /** How many instants, at least 0. Default 5. */
  readonly count?: number
}

/**
 * The coming instants of a schedule, ascending; fewer than `count` only at the end of the calendar.
 *
 * @throws {InvalidScheduleError} or {InvalidTimezoneError} when one of them cannot be read.
 * @throws {InvalidTaskError} for a bad `after` or `count`.
 */
export function nextRuns(schedule: string, { timezone = 'UTC', after, count = 5 }: NextRunsOptions): Date[] {
  if (!Number.isInteger(count) || count < 0) {
    throw new InvalidTaskError(`count is ${inspect(count)}; give a whole number from 0 on`, {
      field: 'count',
      value: count,
    })
  }
  const nextInstant = createInstantCache()
  const runs: Date[] = []
  let next = nextInstant(schedule, timezone, readDate(after, 'after'))
  while (next !== null && runs.length < count) {
    runs.push(next)
    next = nextInstant(schedule, timezone, next)
  }
  return runs
}
