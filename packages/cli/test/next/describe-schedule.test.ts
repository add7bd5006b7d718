import { expect, it } from '@jest/globals'
import { describeSchedule } from '../../src/next/describe-schedule.js'

it.each([
  ['30 0 * * *', 'At 00:30'],
  ['* * * * *', 'Every minute'],
  ['@weekly', 'At 00:00, only on Sunday'],
  ['0 9-17 * * mon-fri', 'Every hour, between 09:00 and 17:00, Monday through Friday'],
  ['0 0 29 2 *', 'At 00:00, on day 29 of the month, only in February'],
  ['0 0 1 */3 *', 'At 00:00, on day 1 of the month, only in January, April, July, and October'],
])('%s in words', (schedule, words) => {
  expect(describeSchedule(schedule)).toBe(words)
})

it.each([
  ['*/10 * * * * 30', 'At 30 seconds past the minute, every 10 minutes'],
  ['* * * * * */10', 'Every 10 seconds'],
  ['30 6 * * * 15', 'At 06:30:15'],
])('the seconds of %s come last', (schedule, words) => {
  expect(describeSchedule(schedule)).toBe(words)
})

it.each([
  ['*/15 * * * *', 'Every 15 minutes'],
  ['0,15,30,45 * * * *', 'Every 15 minutes'],
  ['*/25 * * * *', 'At 0, 25, and 50 minutes past the hour'],
  ['0 */6 * * *', 'On the hour, every 6 hours'],
  ['0 */9 * * *', 'At 00:00, 09:00 and 18:00'],
  ['10/20 * * * *', 'At 10, 30, and 50 minutes past the hour'],
])('says of the steps of %s only what is true across the end of the field', (schedule, words) => {
  expect(describeSchedule(schedule)).toBe(words)
})

it.each([
  ['0 0 * * fri-mon', 'At 00:00, only on Sunday, Monday, Friday, and Saturday'],
  ['0 0 * * 5-7', 'At 00:00, only on Sunday, Friday, and Saturday'],
  ['0 22-2 * * *', 'Every hour, at 00:00 through 02:00, 22:00, and 23:00'],
  ['5,5-9,7 1 * * *', 'Every minute between 01:05 and 01:09'],
])('wrapped and overlapping lists: %s', (schedule, words) => {
  expect(describeSchedule(schedule)).toBe(words)
})

it.each([
  ['0 0 * * mon#1', 'At 00:00, on the first Monday of the month'],
  ['0 0 * * 5l', 'At 00:00, on the last Friday of the month'],
  ['0 0 15,L * *', 'At 00:00, on day 15 and the last day of the month'],
  ['0 0 15 * mon', 'At 00:00, on day 15 of the month; or at 00:00, only on Monday'],
  ['0 0 * * 1,3#1', 'At 00:00, only on Monday; or at 00:00, on the first Wednesday of the month'],
  ['0 0 31 2 mon', 'At 00:00, only on Monday, only in February'],
])('every way in which a day can match: %s', (schedule, words) => {
  expect(describeSchedule(schedule)).toBe(words)
})
