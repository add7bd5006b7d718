import { expect, test } from '@jest/globals'
import { createInstantCache } from '../../src/schedule/instant-cache.js'
import { nextRuns } from '../../src/schedule/next-runs.js'

test('one cache answers for many schedules and zones, in any order of questions', () => {
  const cached = createInstantCache()
  const questions = ['2026-03-29', '2026-10-25', '2025-01-01', '2026-03-29'].flatMap((day) =>
    ['*/7 * * * *', '30 2 * * *', '0 0 29 2 *'].flatMap((schedule) =>
      ['UTC', 'Europe/Madrid', 'europe/madrid', 'America/New_York'].map((timezone) => ({
        schedule,
        timezone,
        after: Date.parse(`${day}T00:30Z`),
      })),
    ),
  )
  for (const { schedule, timezone, after } of questions)
    expect(cached(schedule, timezone)(after)).toBe(createInstantCache()(schedule, timezone)(after))
})

test('a schedule without a next instant before the year 10000', () => {
  expect(createInstantCache()('0 0 1 1 *', 'UTC')(Date.parse('9999-06-01T00:00Z'))).toBe(Infinity)
})

test('nextRuns counts 5 in UTC unless told otherwise', () => {
  const after = new Date('2026-05-04T10:00Z')
  expect(nextRuns('@daily', { after }).map((run) => run.toISOString())).toEqual([
    '2026-05-05T00:00:00.000Z',
    '2026-05-06T00:00:00.000Z',
    '2026-05-07T00:00:00.000Z',
    '2026-05-08T00:00:00.000Z',
    '2026-05-09T00:00:00.000Z',
  ])
  expect(nextRuns('@daily', { after, timezone: 'Asia/Kathmandu', count: 1 })).toEqual([
    new Date('2026-05-04T18:15Z'),
  ])
  expect(nextRuns('@daily', { after, count: 0 })).toEqual([])
})

test('a bad schedule, zone, date or count is refused', () => {
  const after = new Date('2026-05-04T10:00Z')
  expect(() => nextRuns('* * *', { after })).toThrow('has 3 fields')
  expect(() => nextRuns('@daily', { after, timezone: 'Nowhere' })).toThrow('timezone "Nowhere"')
  expect(() => nextRuns('@daily', { after: new Date(NaN) })).toThrow('after is Invalid Date')
  expect(() => nextRuns('@daily', { after: '2026-05-04T10:00' })).toThrow("after is '2026-05-04T10:00'")
  expect(() => nextRuns('@daily', { after, count: Infinity })).toThrow('count is Infinity')
})
