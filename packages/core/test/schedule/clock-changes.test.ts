import { describe, expect, test } from '@jest/globals'
import { nextRuns } from '../../src/schedule/next-runs.js'

/** Instants, written in the zone's own time with its offset, so that the jumps can be seen. */
type Row = [what: string, schedule: string, timezone: string, after: string, expected: string[]]

function check(schedule: string, timezone: string, after: string, expected: string[]): void {
  const runs = nextRuns(schedule, { timezone, after: new Date(after), count: expected.length })
  expect(runs).toEqual(expected.map((instant) => new Date(instant)))
}

describe('clocks go forward', () => {
  test.each<Row>([
    [
      'a skipped time is moved by the length of the gap',
      '30 2 * * *',
      'Europe/Madrid',
      '2026-03-27T12:00+01:00',
      ['2026-03-28T02:30+01:00', '2026-03-29T03:30+02:00', '2026-03-30T02:30+02:00'],
    ],
    [
      'a moved time that meets a matching one runs once',
      '0,30 2,3 * * *',
      'Europe/Madrid',
      '2026-03-29T01:59+01:00',
      ['2026-03-29T03:00+02:00', '2026-03-29T03:30+02:00', '2026-03-30T02:00+02:00'],
    ],
    [
      'moved and ordinary times alternate in order',
      '0,45 2 * * * 0',
      'Europe/Madrid',
      '2026-03-29T03:10+02:00',
      ['2026-03-29T03:45+02:00', '2026-03-30T02:00+02:00'],
    ],
    [
      'when every hour matches, skipped times are not made up for',
      '30 * * * *',
      'Europe/Madrid',
      '2026-03-29T00:40+01:00',
      ['2026-03-29T01:30+01:00', '2026-03-29T03:30+02:00', '2026-03-29T04:30+02:00'],
    ],
    [
      'a step of all hours does not make up for them either',
      '15 */2 * * *',
      'Europe/Madrid',
      '2026-03-29T00:30+01:00',
      ['2026-03-29T04:15+02:00', '2026-03-29T06:15+02:00'],
    ],
    [
      'a written-out range of all hours is fixed',
      '30 0-23 * * *',
      'Europe/Madrid',
      '2026-03-29T00:40+01:00',
      ['2026-03-29T01:30+01:00', '2026-03-29T03:30+02:00', '2026-03-29T04:30+02:00'],
    ],
    [
      'New York',
      '30 2 * * *',
      'America/New_York',
      '2026-03-07T12:00-05:00',
      ['2026-03-08T03:30-04:00', '2026-03-09T02:30-04:00'],
    ],
    [
      'half an hour only',
      '15 2 * * *',
      'Australia/Lord_Howe',
      '2026-10-03T12:00+10:30',
      ['2026-10-04T02:45+11:00', '2026-10-05T02:15+11:00'],
    ],
    [
      'half an hour only, every minute of an hour',
      '*/15 2 * * *',
      'Australia/Lord_Howe',
      '2026-10-04T01:00+10:30',
      ['2026-10-04T02:30+11:00', '2026-10-04T02:45+11:00', '2026-10-05T02:00+11:00'],
    ],
    [
      'at midnight, in Paraguay',
      '0 0 * * *',
      'America/Asuncion',
      '2023-09-30T12:00-04:00',
      ['2023-10-01T01:00-03:00', '2023-10-02T00:00-03:00'],
    ],
    [
      'at midnight, in Egypt',
      '30 0 * * fri',
      'Africa/Cairo',
      '2026-04-20T12:00+02:00',
      ['2026-04-24T01:30+03:00', '2026-05-01T00:30+03:00'],
    ],
    [
      'at midnight, every hour, in Egypt',
      '0 * * * *',
      'Africa/Cairo',
      '2026-04-23T22:30+02:00',
      ['2026-04-23T23:00+02:00', '2026-04-24T01:00+03:00'],
    ],
    [
      'a whole day, which a fixed time is moved over',
      '0 9 * * fri',
      'Pacific/Apia',
      '2011-12-24T00:00-10:00',
      ['2011-12-31T09:00+14:00', '2012-01-06T09:00+14:00'],
    ],
    [
      'a whole day, when the next day has the same time',
      '0 9 * * *',
      'Pacific/Apia',
      '2011-12-29T00:00-10:00',
      ['2011-12-29T09:00-10:00', '2011-12-31T09:00+14:00', '2012-01-01T09:00+14:00'],
    ],
    [
      'a whole day, every twelve hours',
      '0 */12 * * *',
      'Pacific/Apia',
      '2011-12-29T01:00-10:00',
      ['2011-12-29T12:00-10:00', '2011-12-31T00:00+14:00', '2011-12-31T12:00+14:00'],
    ],
    [
      'a day of a year that has none',
      '0 0 30 12 *',
      'Pacific/Apia',
      '2011-01-01T00:00Z',
      ['2011-12-31T00:00+14:00', '2012-12-30T00:00+14:00'],
    ],
  ])('%s', (_, schedule, timezone, after, expected) => {
    check(schedule, timezone, after, expected)
  })
})

describe('clocks go back', () => {
  test.each<Row>([
    [
      'a repeated time runs the first time',
      '30 2 * * *',
      'Europe/Madrid',
      '2026-10-24T12:00+02:00',
      ['2026-10-25T02:30+02:00', '2026-10-26T02:30+01:00'],
    ],
    [
      'not again when asked in between',
      '30 2 * * *',
      'Europe/Madrid',
      '2026-10-25T02:10+01:00',
      ['2026-10-26T02:30+01:00'],
    ],
    [
      'every minute of a fixed hour, first pass only',
      '*/30 1-3 * * *',
      'Europe/Madrid',
      '2026-10-25T01:30+02:00',
      [
        '2026-10-25T02:00+02:00',
        '2026-10-25T02:30+02:00',
        '2026-10-25T03:00+01:00',
        '2026-10-25T03:30+01:00',
      ],
    ],
    [
      'when every hour matches, both passes run',
      '30 * * * *',
      'Europe/Madrid',
      '2026-10-25T01:40+02:00',
      ['2026-10-25T02:30+02:00', '2026-10-25T02:30+01:00', '2026-10-25T03:30+01:00'],
    ],
    [
      'a step of all hours runs in both passes',
      '30 */2 * * *',
      'America/New_York',
      '2026-11-01T00:40-04:00',
      ['2026-11-01T02:30-05:00', '2026-11-01T04:30-05:00'],
    ],
    [
      'seconds go on through the repeated hour',
      '59 * * * * 58,59',
      'America/New_York',
      '2026-11-01T01:59:58-04:00',
      ['2026-11-01T01:59:59-04:00', '2026-11-01T01:59:58-05:00', '2026-11-01T01:59:59-05:00'],
    ],
    [
      'half an hour only, fixed',
      '45 1 * * *',
      'Australia/Lord_Howe',
      '2026-04-04T12:00+11:00',
      ['2026-04-05T01:45+11:00', '2026-04-06T01:45+10:30'],
    ],
    [
      'half an hour only, every hour',
      '45 * * * *',
      'Australia/Lord_Howe',
      '2026-04-05T01:00+11:00',
      ['2026-04-05T01:45+11:00', '2026-04-05T01:45+10:30', '2026-04-05T02:45+10:30'],
    ],
    [
      'over midnight, in Paraguay',
      '30 23 * * *',
      'America/Asuncion',
      '2024-03-23T12:00-03:00',
      ['2024-03-23T23:30-03:00', '2024-03-24T23:30-04:00'],
    ],
    [
      'over midnight, a day is not begun twice',
      '0 0 * * *',
      'Africa/Cairo',
      '2026-10-29T12:00+03:00',
      ['2026-10-30T00:00+02:00', '2026-10-31T00:00+02:00'],
    ],
    [
      'over midnight, every half hour',
      '30 * * * *',
      'Africa/Cairo',
      '2026-10-29T23:00+03:00',
      ['2026-10-29T23:30+03:00', '2026-10-29T23:30+02:00', '2026-10-30T00:30+02:00'],
    ],
  ])('%s', (_, schedule, timezone, after, expected) => {
    check(schedule, timezone, after, expected)
  })
})

describe('otherwise', () => {
  test.each<Row>([
    [
      'an odd offset',
      '0 0 * * *',
      'Asia/Kathmandu',
      '2026-05-01T00:00Z',
      ['2026-05-01T18:15Z', '2026-05-02T18:15Z'],
    ],
    [
      'a date that is rare and far away',
      '0 0 29 2 *',
      'America/New_York',
      '2096-03-01T00:00Z',
      ['2104-02-29T00:00-05:00', '2108-02-29T00:00-05:00'],
    ],
    [
      'the fifth Monday of a February, over the year 2100',
      '0 0 * 2 mon#5',
      'UTC',
      '2072-03-01T00:00Z',
      ['2112-02-29T00:00Z'],
    ],
    [
      'the last Friday of the month',
      '0 18 * * 5l',
      'Europe/Madrid',
      '2026-05-01T00:00Z',
      ['2026-05-29T18:00+02:00', '2026-06-26T18:00+02:00', '2026-07-31T18:00+02:00'],
    ],
    [
      'the first Monday, or the 15th',
      '0 0 15 * mon#1',
      'UTC',
      '2026-05-01T00:00Z',
      ['2026-05-04T00:00Z', '2026-05-15T00:00Z', '2026-06-01T00:00Z'],
    ],
    ['before 1970', '0 0 1 1 *', 'UTC', '1965-06-01T00:00Z', ['1966-01-01T00:00Z', '1967-01-01T00:00Z']],
    [
      'fractions of a second',
      '* * * * * *',
      'UTC',
      '2026-01-01T00:00:00.001Z',
      ['2026-01-01T00:00:01Z', '2026-01-01T00:00:02Z'],
    ],
  ])('%s', (_, schedule, timezone, after, expected) => {
    check(schedule, timezone, after, expected)
  })
})
