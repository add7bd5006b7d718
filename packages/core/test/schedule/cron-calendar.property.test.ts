import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createCronCalendar } from '../../src/schedule/cron-calendar.js'
import { parseSchedule } from '../../src/schedule/parse-schedule.js'
import { wallMinute, type MatchedSchedule } from './brute-force.js'
import { scheduleArbitrary } from './schedule-arbitrary.js'

/** Long mode: `SISY_PROPERTY_RUNS=100000`. */
const numRuns = Math.min(Number(process.env['SISY_PROPERTY_RUNS'] ?? 100), 100_000)
const DAY = 86_400_000
/** A year, with a leap day, and a day. */
const DAYS = 367

test('the next wall-clock time is the one that trying every minute of a year finds', () => {
  const after = fc.date({
    min: new Date('1970-01-01T00:00Z'),
    max: new Date('2199-12-31T00:00Z'),
    noInvalidDate: true,
  })
  fc.assert(
    fc.property(scheduleArbitrary, after, (schedule, date) => {
      const from = date.getTime()
      const until = Math.floor(from / DAY + DAYS) * DAY
      const found = createCronCalendar(parseSchedule(schedule.text))(from)
      expect(found < until ? found : Infinity).toBe(byTrying(schedule, from, until))
    }),
    { numRuns },
  )
})

function byTrying({ matches, seconds }: MatchedSchedule, after: number, until: number): number {
  for (let minute = Math.floor(after / 60_000) * 60_000; minute < until; minute += 60_000) {
    if (!matches(wallMinute(minute))) continue
    const second = seconds.find((candidate) => minute + candidate * 1000 > after)
    if (second !== undefined) return minute + second * 1000
  }
  return Infinity
}

test('a day that comes about once in decades is found', () => {
  const fifthMondayOfFebruary = createCronCalendar(parseSchedule('0 12 * feb mon#5'))
  expect(new Date(fifthMondayOfFebruary(Date.UTC(2026, 0))).toISOString()).toBe('2044-02-29T12:00:00.000Z')
  expect(new Date(fifthMondayOfFebruary(Date.UTC(2096, 0))).toISOString()).toBe('2112-02-29T12:00:00.000Z')
})

test('there is none beyond the years that are planned', () => {
  expect(createCronCalendar(parseSchedule('* * * * *'))(Date.UTC(20_000, 0))).toBe(Infinity)
})
