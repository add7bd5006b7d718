import { inspect } from 'node:util'
import { InvalidTaskError } from '../errors/errors.js'
import { readDate } from '../task/read-date.js'
import { createInstantCache } from './instant-cache.js'

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
  const nextInstant = createInstantCache()(schedule, timezone)
  const runs: Date[] = []
  let instant = nextInstant(readDate(after, 'after').getTime())
  while (instant !== Infinity && runs.length < count) {
    runs.push(new Date(instant))
    instant = nextInstant(instant)
  }
  return runs
}
