import { CronExpressionParser } from 'cron-parser'
import { dayPatterns } from './day-patterns.js'
import type { Schedule } from './parse-schedule.js'

/** The first matching time after the given one; asked with growing times it must give growing answers. */
export type NextTime = (after: number) => number

/**
 * The wall-clock times of a schedule, written as milliseconds since the epoch as if they were UTC; no time zone is
 * involved. A schedule always has a next time.
 */
export function createCronCalendar(schedule: Schedule): NextTime {
  const { seconds, minutes, hours, months } = schedule
  const nexts = dayPatterns(schedule).map(({ monthDays, weekDays }) => {
    const expression = CronExpressionParser.parse(
      [seconds, minutes, hours, monthDays, months, weekDays].map(String).join(' '),
      { tz: 'UTC', currentDate: new Date(0) },
    )
    return rememberLast((after) => {
      expression.reset(new Date(after))
      return expression.next().getTime()
    })
  })
  return (after) => Math.min(...nexts.map((next) => next(after)))
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
