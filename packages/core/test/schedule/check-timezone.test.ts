import { expect, test } from '@jest/globals'
import { InvalidTimezoneError } from '../../src/errors/errors.js'
import { checkTimezone } from '../../src/schedule/check-timezone.js'

test.each([
  'UTC',
  'Europe/Madrid',
  'europe/madrid',
  'America/Argentina/Buenos_Aires',
  'US/Pacific',
  'Etc/GMT+5',
  'EST5EDT',
])('accepts %s', (timezone) => {
  expect(() => checkTimezone(timezone)).not.toThrow()
})

test.each([
  ['Europe/Madird', 'timezone "Europe/Madird" is not an IANA time zone; did you mean "Europe/Madrid"?'],
  ['madrid', 'did you mean "Europe/Madrid"?'],
  ['Spain/Madrid', 'did you mean "Europe/Madrid"?'],
  ['Mars/Olympus_Mons', 'name a place such as "Europe/Madrid", or "UTC"'],
  ['+02:00', 'timezone "+02:00" is not an IANA time zone; name a place'],
  ['-0300', 'is not an IANA time zone'],
  ['', 'timezone "" is not'],
  [undefined, 'timezone undefined is not'],
  [2, 'timezone 2 is not'],
])('refuses %p', (timezone, message) => {
  const check = () => {
    checkTimezone(timezone)
  }
  expect(check).toThrow(InvalidTimezoneError)
  expect(check).toThrow(message)
})
