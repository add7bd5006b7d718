import type { Schedule } from './parse-schedule.js'

/** The days of a month on which a schedule matches, ascending. @param month 0 is January. */
export type MonthDaysOf = (year: number, month: number) => readonly number[]

/** Finds the matching days month by month; the month asked for last is remembered. */
export function createMonthDays(schedule: Pick<Schedule, 'months' | 'monthDays' | 'weekDays'>): MonthDaysOf {
  let known = { year: NaN, month: NaN, days: [] as readonly number[] }
  return (year, month) => {
    if (known.year !== year || known.month !== month)
      known = { year, month, days: find(schedule, year, month) }
    return known.days
  }
}

function find(
  { months, monthDays, weekDays }: Pick<Schedule, 'months' | 'monthDays' | 'weekDays'>,
  year: number,
  month: number,
): number[] {
  if (!months.includes(month + 1)) return []
  const length = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  const firstWeekday = new Date(Date.UTC(year, month)).getUTCDay()
  const days = Array.from({ length }, (_, index) => index + 1)
  if (monthDays === null && weekDays === null) return days

  return days.filter((day) => {
    const weekday = (firstWeekday + day - 1) % 7
    return (
      monthDays?.days.includes(day) === true ||
      (monthDays?.last === true && day === length) ||
      weekDays?.days.includes(weekday) === true ||
      weekDays?.nth.some((nth) => nth.day === weekday && nth.n === Math.ceil(day / 7)) === true ||
      (day > length - 7 && weekDays?.last.includes(weekday) === true)
    )
  })
}
