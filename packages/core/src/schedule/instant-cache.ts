import { checkTimezone } from './check-timezone.js'
import type { NextTime } from './cron-calendar.js'
import { createCronCalendar, rememberLast } from './cron-calendar.js'
import { createInstantFinder, type Calendar } from './instant-finder.js'
import { parseSchedule } from './parse-schedule.js'
import type { Stretch } from './zone-timeline.js'
import { createZoneTimeline } from './zone-timeline.js'

/**
 * The instants of a schedule in its zone, milliseconds: the first after the given one, `Infinity` when there is none before
 * the year 10000.
 *
 * @throws {InvalidScheduleError} or {InvalidTimezoneError} when one of them cannot be read.
 */
export type InstantsOf = (schedule: string, timezone: string) => NextTime

/**
 * Schedules, and schedules in their zones, kept by one cache, some 6 KB each, and answers kept for each of them; what is
 * older is worked out again.
 */
const MAX_SCHEDULES = 5000
const MAX_ANSWERS = 256

/**
 * Remembers schedules, zones and answers, so that many tasks sharing a schedule cost one search. What it remembers never
 * becomes stale.
 */
export function createInstantCache(): InstantsOf {
  const zones = new Map<string, (instant: number) => Stretch>()
  const calendars = new Map<string, Calendar>()
  const schedules = new Map<string, NextTime>()

  const zone = (timezone: string) => {
    const known = zones.get(timezone)
    if (known) return known
    checkTimezone(timezone)
    const timeline = createZoneTimeline(timezone)
    zones.set(timezone, timeline)
    return timeline
  }

  const calendar = (text: string): Calendar => {
    const known = calendars.get(text)
    if (known) return known
    const schedule = parseSchedule(text)
    return keep(calendars, text, { schedule, nextWallTime: createCronCalendar(schedule) })
  }

  return (schedule, timezone) => {
    // What no text in PostgreSQL holds.
    const key = `${timezone}\0${schedule}`
    const known = schedules.get(key)
    if (known) return known
    return keep(schedules, key, rememberAnswers(createInstantFinder(calendar(schedule), zone(timezone))))
  }
}

function keep<Value>(kept: Map<string, Value>, key: string, value: Value): Value {
  const [oldest] = kept.keys()
  if (kept.size >= MAX_SCHEDULES && oldest !== undefined) kept.delete(oldest)
  kept.set(key, value)
  return value
}

function rememberAnswers(next: NextTime): NextTime {
  const search = rememberLast(next)
  const answers = new Map<number, number>()
  return (after) => {
    const known = answers.get(after)
    if (known !== undefined) return known
    if (answers.size >= MAX_ANSWERS) answers.clear()
    const answer = search(after)
    answers.set(after, answer)
    return answer
  }
}
