import { InvalidScheduleError } from '../errors/errors.js'
import { fieldRules } from './field-rule.js'
import { ascending, parseItem } from './parse-field.js'

/** Days of a month: by number, and perhaps the last one. */
export interface MonthDays {
  readonly days: readonly number[]
  readonly last: boolean
}

/** Days of a week, 0 is Sunday: every one, only the nth of a month, or only the last of a month. */
export interface WeekDays {
  readonly days: readonly number[]
  readonly nth: readonly { readonly day: number; readonly n: number }[]
  readonly last: readonly number[]
}

/** Reads a restricted day-of-month field; `l` is the last day of the month. */
export function parseMonthDays(text: string, schedule: string): MonthDays {
  const items = text.split(',')
  const nearestWeekday = items.find((item) => /^(\d+|l)w$/i.test(item))
  if (nearestWeekday !== undefined) {
    throw new InvalidScheduleError(
      `day of month field "${nearestWeekday}" is not supported in "${schedule}": there is no nearest weekday; ` +
        'name days of the week in the fifth field instead',
      { schedule, field: fieldRules.dayOfMonth.name, text: nearestWeekday },
    )
  }
  const numbered = items.filter((item) => item.toLowerCase() !== 'l')
  return {
    days: ascending(numbered.flatMap((item) => parseItem(fieldRules.dayOfMonth, item, schedule))),
    last: numbered.length < items.length,
  }
}

/** Reads a restricted day-of-week field; `mon#1` is the first Monday of the month, `5l` the last Friday. */
export function parseWeekDays(text: string, schedule: string): WeekDays {
  const days: number[] = []
  const nth: { day: number; n: number }[] = []
  const last: number[] = []
  for (const item of text.split(',')) {
    const [, numbered, n] = /^(\w+)#([1-5])$/.exec(item) ?? []
    const [, final] = /^([a-z]{3}|\d)l$/i.exec(item) ?? []
    if (numbered !== undefined) nth.push({ day: oneDay(numbered, schedule), n: Number(n) })
    else if (final !== undefined) last.push(oneDay(final, schedule))
    else days.push(...parseItem(fieldRules.dayOfWeek, item, schedule))
  }
  return { days: ascending(days), nth, last: ascending(last) }
}

function oneDay(text: string, schedule: string): number {
  const [day = 0] = parseItem(fieldRules.dayOfWeek, text, schedule)
  return day
}
