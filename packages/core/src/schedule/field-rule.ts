/** What one field of a cron expression may hold. */
export interface FieldRule {
  readonly name: string
  readonly min: number
  readonly max: number
  /** How many different values there are: where a wrapped range starts again. */
  readonly cycle: number
  /** Names that stand for `min`, `min + 1`, … */
  readonly names: readonly string[]
}

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

/** The fields in the order they are written. 7 is a second spelling of Sunday, so days of the week repeat after 7. */
export const fieldRules = {
  minute: { name: 'minute', min: 0, max: 59, cycle: 60, names: [] },
  hour: { name: 'hour', min: 0, max: 23, cycle: 24, names: [] },
  dayOfMonth: { name: 'day of month', min: 1, max: 31, cycle: 31, names: [] },
  month: { name: 'month', min: 1, max: 12, cycle: 12, names: monthNames },
  dayOfWeek: { name: 'day of week', min: 0, max: 7, cycle: 7, names: dayNames },
  second: { name: 'second', min: 0, max: 59, cycle: 60, names: [] },
} satisfies Record<string, FieldRule>
