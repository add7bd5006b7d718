import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { InvalidScheduleError } from '../../src/errors/errors.js'
import { createInstantCache } from '../../src/schedule/instant-cache.js'
import { bruteForce, readClock } from './brute-force.js'
import { scheduleArbitrary } from './schedule-arbitrary.js'

/** Long mode: `SISY_PROPERTY_RUNS=1000000`. */
const numRuns = Number(process.env['SISY_PROPERTY_RUNS'] ?? 2000)
const DAYS = 3
const COUNT = 12

/** Days around clock changes of every kind, and some without. */
const places = [
  ['UTC', '2026-02-27'],
  ['Europe/Madrid', '2026-03-28'],
  ['Europe/Madrid', '2026-10-24'],
  ['Europe/London', '2027-03-27'],
  ['America/New_York', '2026-03-07'],
  ['America/New_York', '2026-10-31'],
  ['America/St_Johns', '2026-11-01'],
  ['America/St_Johns', '2006-10-28'],
  ['Australia/Lord_Howe', '2026-04-03'],
  ['Australia/Lord_Howe', '2026-10-02'],
  ['America/Asuncion', '2023-09-30'],
  ['America/Asuncion', '2024-03-22'],
  ['Africa/Cairo', '2026-04-22'],
  ['Africa/Cairo', '2026-10-28'],
  ['America/Havana', '2026-03-07'],
  ['America/Havana', '2026-10-31'],
  ['Asia/Beirut', '2026-03-28'],
  ['Africa/Casablanca', '2026-02-13'],
  ['Africa/Casablanca', '2026-03-20'],
  ['Europe/Dublin', '2026-10-24'],
  ['Antarctica/Troll', '2026-03-28'],
  ['Antarctica/Troll', '2026-10-24'],
  ['Pacific/Apia', '2011-12-29'],
  ['Asia/Pyongyang', '2015-08-13'],
  ['America/Caracas', '2016-04-30'],
  ['Asia/Kathmandu', '2026-12-30'],
  ['Pacific/Chatham', '2026-04-04'],
] as const

const clocks = new Map(
  places.map(([timezone, day]) => {
    const start = Date.parse(`${day}T00:00Z`)
    return [`${timezone} ${day}`, { timezone, start, ticks: readClock(timezone, start, DAYS * 1440) }]
  }),
)

test(
  'every instant is the one that trying every minute finds',
  () => {
    const instantsOf = createInstantCache()
    const place = fc.constantFrom(...clocks.keys())
    const second = fc.integer({ min: 0, max: (DAYS - 1) * 86_400 })
    const property = fc.property(scheduleArbitrary, place, second, (schedule, name, offset) => {
      const { timezone = '', start = 0, ticks = [] } = clocks.get(name) ?? {}
      const after = start + offset * 1000
      const end = start + DAYS * 86_400_000
      expect(search(schedule.text, timezone, after, end)).toEqual(bruteForce(schedule, ticks, after, COUNT))
    })
    fc.assert(property, { numRuns })

    function search(schedule: string, timezone: string, after: number, end: number): number[] {
      const found: number[] = []
      try {
        const nextInstant = instantsOf(schedule, timezone)
        let instant = nextInstant(after)
        while (instant < end && found.length < COUNT) {
          found.push(instant)
          instant = nextInstant(instant)
        }
      } catch (error) {
        if (!(error instanceof InvalidScheduleError && error.message.includes('never happens'))) throw error
      }
      return found
    }
  },
  Math.max(60_000, numRuns * 20),
)
