import { didYouMean } from '../errors/did-you-mean.js'
import { InvalidScheduleError } from '../errors/errors.js'
import { fieldRules } from './field-rule.js'
import type { MonthDays, WeekDays } from './parse-day-field.js'
import { parseMonthDays, parseWeekDays } from './parse-day-field.js'
import { isWildcard, parseField } from './parse-field.js'

/** A cron expression taken apart: the wall-clock times it matches. Lists are ascending, without repetition. */
export interface Schedule {
  /** The expression as it was written. */
  readonly text: string
  readonly seconds: readonly number[]
  readonly minutes: readonly number[]
  readonly hours: readonly number[]
  /** 1 is January. */
  readonly months: readonly number[]
  /** Null when the field is `*` or `?`. When both day fields are given, a day matches by either. */
  readonly monthDays: MonthDays | null
  /** Null when the field is `*` or `?`. */
  readonly weekDays: WeekDays | null
  /** The hour field is `*`, `?` or a single step of all hours, which decides what happens when clocks change. */
  readonly everyHour: boolean
  /** Six fields were written. */
  readonly hasSeconds: boolean
}

const aliases: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@hourly': '0 * * * *',
}

const longestMonths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/**
 * Reads a cron expression: minute, hour, day of month, month, day of week and, optionally, **seconds last**; or one of
 * `@yearly @monthly @weekly @daily @hourly`.
 *
 * @throws {InvalidScheduleError} naming the field and what it accepts, saying that no day ever matches, or that the seconds
 *   stand at the wrong end.
 */
export function parseSchedule(text: string): Schedule {
  try {
    return readSchedule(text)
  } catch (error) {
    throw error instanceof InvalidScheduleError ? (secondsFirst(error) ?? error) : error
  }
}

/** The same error with the mend, for what would be right if its seconds stood last; others write them first. */
function secondsFirst({ message, facts }: InvalidScheduleError): InvalidScheduleError | undefined {
  const [second, ...others] = facts.schedule.split(/\s+/)
  if (second === undefined || others.length !== 5) return undefined
  const meant = [...others, second].join(' ')
  try {
    readSchedule(meant)
  } catch {
    return undefined
  }
  return new InvalidScheduleError(`${message}. Seconds stand last here: did you mean "${meant}"?`, facts)
}

function readSchedule(text: string): Schedule {
  if (typeof text !== 'string') {
    throw new InvalidScheduleError(`schedule ${String(text)} is not text; ${accepted}`, {
      schedule: String(text),
    })
  }
  const written = text.trim()
  const fields = (written.startsWith('@') ? expandAlias(written) : written).split(/\s+/)
  const [minute, hour, dayOfMonth, month, dayOfWeek, second = '0'] = fields
  if (!minute || !hour || !dayOfMonth || !month || !dayOfWeek || fields.length > 6) {
    const count = written === '' ? 0 : fields.length
    throw new InvalidScheduleError(
      `schedule "${written}" has ${count} ${count === 1 ? 'field' : 'fields'}; ${accepted}`,
      {
        schedule: written,
      },
    )
  }
  const months = parseField(fieldRules.month, month, written)
  return {
    text: written,
    seconds: parseField(fieldRules.second, second, written),
    minutes: parseField(fieldRules.minute, minute, written),
    hours: parseField(fieldRules.hour, hour, written),
    months,
    ...possibleDays(
      isWildcard(dayOfMonth) ? null : parseMonthDays(dayOfMonth, written),
      isWildcard(dayOfWeek) ? null : parseWeekDays(dayOfWeek, written),
      months,
      written,
    ),
    everyHour: isWildcard(hour) || /^\*\/\d+$/.test(hour),
    hasSeconds: fields.length === 6,
  }
}

const accepted =
  'write 5 fields (minute, hour, day of month, month, day of week), 6 with the seconds last, ' +
  `or one of ${Object.keys(aliases).join(' ')}`

function expandAlias(written: string): string {
  const expression = aliases[written.toLowerCase()]
  if (expression !== undefined) return expression
  throw new InvalidScheduleError(
    `schedule "${written}" is not a known alias; ${accepted}.${didYouMean(written, Object.keys(aliases))}`,
    { schedule: written },
  )
}

/** Leaves out days that none of the months has, and refuses an expression that no other day saves. */
function possibleDays(
  monthDays: MonthDays | null,
  weekDays: WeekDays | null,
  months: readonly number[],
  schedule: string,
): Pick<Schedule, 'monthDays' | 'weekDays'> {
  if (monthDays === null) return { monthDays, weekDays }
  const longest = Math.max(...months.map((month) => longestMonths[month - 1] ?? 31))
  const days = monthDays.days.filter((day) => day <= longest)
  if (days.length === 0 && !monthDays.last && weekDays === null) {
    throw new InvalidScheduleError(
      `schedule "${schedule}" never happens: its months have at most ${longest} days; ` +
        'choose an earlier day, or "l" for the last day of the month',
      { schedule, field: fieldRules.dayOfMonth.name, text: monthDays.days.join(',') },
    )
  }
  return { monthDays: { ...monthDays, days }, weekDays }
}
