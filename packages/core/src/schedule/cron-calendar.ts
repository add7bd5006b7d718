import { createMonthDays } from './month-days.js'
import type { Schedule } from './parse-schedule.js'

/** The first matching time after the given one; asked with growing times it must give growing answers. */
export type NextTime = (after: number) => number

/** Far beyond every instant that is planned. */
const END = Date.UTC(20_000, 0)

/**
 * The wall-clock times of a schedule, written as milliseconds since the epoch as if they were UTC; no time zone is
 * involved. `Infinity` when there is none before the year 20000.
 */
export function createCronCalendar(schedule: Schedule): NextTime {
  const daysOf = createMonthDays(schedule)
  const firstTime = timeFrom(schedule, 0)

  /** Midnight of the first matching day from the given one on. */
  function dayFrom(midnight: number): number {
    const date = new Date(midnight)
    let [year, month, earliest] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
    while (Date.UTC(year, month) < END) {
      const day = daysOf(year, month).find((candidate) => candidate >= earliest)
      if (day !== undefined) return Date.UTC(year, month, day)
      ;[year, month, earliest] = month < 11 ? [year, month + 1, 1] : [year + 1, 0, 1]
    }
    return Infinity
  }

  return rememberLast((after) => {
    const from = (Math.floor(after / SECOND) + 1) * SECOND
    const midnight = Math.floor(from / DAY) * DAY
    const day = dayFrom(midnight)
    if (day > midnight) return day + firstTime
    const time = timeFrom(schedule, from - midnight)
    return time < DAY ? midnight + time : dayFrom(midnight + DAY) + firstTime
  })
}

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** The first time of a day that matches, from the given one on; both milliseconds. `Infinity` when none is left. */
function timeFrom({ hours, minutes, seconds }: Schedule, from: number): number {
  const next = (
    values: readonly number[],
    unit: number,
    earliest: number,
    rest: (left: number) => number,
  ) => {
    const first = Math.floor(earliest / unit)
    for (const value of values) {
      if (value < first) continue
      const time = value * unit + rest(Math.max(0, earliest - value * unit))
      if (time < Infinity) return time
    }
    return Infinity
  }
  return next(hours, HOUR, from, (ofHour) =>
    next(minutes, MINUTE, ofHour, (ofMinute) => next(seconds, SECOND, ofMinute, () => 0)),
  )
}

/**
 * Spares the search while the question still falls between an earlier question and its answer. An earlier question with
 * the same answer widens what is known, as of zones that ask for one day after the other.
 */
export function rememberLast(next: NextTime): NextTime {
  let asked = Infinity
  let answer = -Infinity
  return (after) => {
    if (after < asked || after >= answer) {
      const found = next(after)
      asked = found === answer ? Math.min(asked, after) : after
      answer = found
    }
    return answer
  }
}
