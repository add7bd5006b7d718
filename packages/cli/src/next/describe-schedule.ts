import { parseSchedule, type Schedule } from '@sisy/core/internal'
import cronstrue from 'cronstrue'
import { dayPatterns } from './day-patterns.js'

/**
 * A schedule in words, on a 24-hour clock, without a stop at the end.
 *
 * @throws InvalidScheduleError when it cannot be read.
 */
export function describeSchedule(text: string): string {
  const schedule = parseSchedule(text)
  const time = timeFields(schedule)
  const months = field(schedule.months, { cycle: 12 })
  return dayPatterns(schedule)
    .map(({ monthDays, weekDays }) => {
      const expression = [...time, ranged(monthDays), months, ranged(weekDays)].join(' ')
      return cronstrue.toString(expression, { use24HourTimeFormat: true, dayOfWeekStartIndexZero: true })
    })
    .map((words, index) => (index === 0 ? words : words.charAt(0).toLowerCase() + words.slice(1)))
    .join('; or ')
}

/** Seconds first, and only where they were written; a step of hours only reads well after a single minute. */
function timeFields({ hasSeconds, seconds, minutes, hours }: Schedule): string[] {
  const hour = field(hours, { cycle: 24, ...(minutes.length === 1 && { steps: 'words' }) })
  const time = [field(minutes, { cycle: 60, steps: 'words' }), hour]
  return hasSeconds ? [field(seconds, { cycle: 60, steps: 'words' }), ...time] : time
}

interface FieldStyle {
  /** How many values the field has in all. */
  readonly cycle: number
  /** Says "every 15" instead of naming four values, where that is true across the end of the field, too. */
  readonly steps?: 'words'
}

function field(values: readonly number[], { cycle, steps }: FieldStyle): string {
  if (values.length === cycle) return '*'
  const step = cycle / values.length
  const isStep = values.length > 2 && values.every((value, index) => value === index * step)
  return isStep && steps === 'words' ? `*/${step}` : ranged(values.join(','))
}

/** Three and more numbers in a row become a range; other items of the list stay as they are. */
function ranged(list: string): string {
  const rows: string[][] = []
  for (const item of list.split(',')) {
    const row = rows.at(-1)
    if (row !== undefined && Number(row.at(-1)) + 1 === Number(item)) row.push(item)
    else rows.push([item])
  }
  return rows.map((row) => (row.length > 2 ? `${row[0]}-${row.at(-1)}` : row.join(','))).join(',')
}
