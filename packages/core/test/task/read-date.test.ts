import { expect, test } from '@jest/globals'
import { InvalidTaskError } from '../../src/errors/errors.js'
import { readDate } from '../../src/task/read-date.js'

const instant = new Date('2026-03-29T07:00:00Z')

test.each([
  instant,
  '2026-03-29T07:00Z',
  '2026-03-29T07:00:00z',
  '2026-03-29T07:00:00.000Z',
  '2026-03-29T09:00:00+02:00',
  '2026-03-29T09:00:00+0200',
  '2026-03-29T09:00:00+02',
  '2026-03-29T02:00:00-05:00',
])('reads %p', (value) => {
  expect(readDate(value, 'delayUntil')).toEqual(instant)
})

test.each([
  '2026-03-29',
  '2026-03-29T09:00:00',
  '2026-03-29 09:00:00Z',
  '2026-02-30T09:00:00Z',
  '2026-03-29T25:00:00Z',
  'tomorrow',
  '',
  1_774_767_600_000,
  null,
  undefined,
  new Date(NaN),
])('refuses %p', (value) => {
  const read = () => readDate(value, 'delayUntil')
  expect(read).toThrow(InvalidTaskError)
  expect(read).toThrow(/^delayUntil is .*; give a Date, or an ISO string with an offset/)
})

test.each(['9999-12-31T23:59:59.999Z', '0001-01-01T00:00:00Z'])('reads %p, the end of the range', (value) => {
  expect(readDate(value, 'endRunning')).toEqual(new Date(value))
})

test.each([new Date(8.64e15), new Date('-000043-03-15T00:00Z'), '9999-12-31T23:59:59-01:00'])(
  'refuses %p, which the database would write in another way',
  (value) => {
    expect(() => readDate(value, 'endRunning')).toThrow(InvalidTaskError)
    expect(() => readDate(value, 'endRunning')).toThrow(/give an instant in the years 1 to 9999/)
  },
)
