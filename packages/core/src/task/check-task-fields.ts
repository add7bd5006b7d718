import { inspect } from 'node:util'
import { didYouMean } from '../errors/did-you-mean.js'
import { InvalidTaskError } from '../errors/errors.js'
import { checkTimezone } from '../schedule/check-timezone.js'
import { parseSchedule } from '../schedule/parse-schedule.js'
import { taskFieldRules } from './task-field-rules.js'
import { readDate } from './read-date.js'

/** Columns of a task as somebody wants to write them; absent and undefined ones are left alone. */
export type TaskFields = Readonly<
  Partial<
    Record<
      keyof typeof taskFieldRules | 'schedule' | 'timezone' | 'startRunning' | 'endRunning' | 'allowOverlap',
      unknown
    >
  >
>

const rules = Object.entries(taskFieldRules)

/**
 * Checks the columns of a task that are given, each by itself and those that must agree. Other members are ignored.
 *
 * @throws {InvalidScheduleError} or {InvalidTimezoneError} for those two.
 * @throws {InvalidTaskError} naming the field, its value and what is accepted.
 */
export function checkTaskFields(data: TaskFields): void {
  if (data.schedule !== undefined) checkSchedule(data.schedule)
  if (data.timezone !== undefined) checkTimezone(data.timezone)
  for (const [field, rule] of rules) {
    const value: unknown = Reflect.get(data, field)
    if (value === undefined || rule.holds(value)) continue
    const meant = rule.choices && typeof value === 'string' ? didYouMean(value, rule.choices) : ''
    throw new InvalidTaskError(`${field} is ${inspect(value)}; give ${rule.accepts}.${meant}`, {
      field,
      value,
    })
  }
  checkRunningTime(data)
  if (data.misfire === 'all' && data.allowOverlap === false) {
    throw new InvalidTaskError(
      "misfire is 'all', but allowOverlap is false, which lets no more than one run wait; choose 'once' or 'skip'",
      { field: 'misfire', value: data.misfire },
    )
  }
}

function checkSchedule(schedule: unknown): void {
  if (typeof schedule !== 'string') {
    throw new InvalidTaskError(
      `schedule is ${inspect(schedule)}; give a cron expression such as "30 0 * * *"`,
      {
        field: 'schedule',
        value: schedule,
      },
    )
  }
  parseSchedule(schedule)
}

function checkRunningTime({ startRunning, endRunning }: TaskFields): void {
  const start = startRunning == null ? null : readDate(startRunning, 'startRunning')
  const end = endRunning == null ? null : readDate(endRunning, 'endRunning')
  if (start === null || end === null || start < end) return
  throw new InvalidTaskError(
    `endRunning is ${end.toISOString()}, not after startRunning ${start.toISOString()}; give a later end`,
    { field: 'endRunning', value: endRunning },
  )
}
