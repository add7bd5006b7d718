import { expect, test } from '@jest/globals'
import { createZoneTimeline } from '../../src/schedule/zone-timeline.js'
import { instantOfWallTime, showInstant } from '../../src/schedule/zoned-time.js'

test.each([
  ['2026-05-04T10:00', 'UTC', '2026-05-04T10:00:00+00:00'],
  ['2026-05-04T10:00', 'Asia/Kathmandu', '2026-05-04T10:00:00+05:45'],
  ['2026-05-04T10:00', 'America/St_Johns', '2026-05-04T10:00:00-02:30'],
  ['2026-03-29T01:59:59', 'Europe/Madrid', '2026-03-29T01:59:59+01:00'],
  ['2026-03-29T02:30', 'Europe/Madrid', '2026-03-29T03:00:00+02:00'],
  ['2026-03-29T03:00', 'Europe/Madrid', '2026-03-29T03:00:00+02:00'],
  ['2026-10-25T02:00', 'Europe/Madrid', '2026-10-25T02:00:00+02:00'],
  ['2026-10-25T02:59:59', 'Europe/Madrid', '2026-10-25T02:59:59+02:00'],
  ['2026-10-25T03:00', 'Europe/Madrid', '2026-10-25T03:00:00+01:00'],
  ['2026-04-05T01:45', 'Australia/Lord_Howe', '2026-04-05T01:45:00+11:00'],
  ['2011-12-30T12:00', 'Pacific/Apia', '2011-12-31T00:00:00+14:00'],
  ['2023-10-01T00:00', 'America/Asuncion', '2023-10-01T01:00:00-03:00'],
])('clocks show %s in %s first at %s', (wallTime, timezone, expected) => {
  const instant = instantOfWallTime(Date.parse(`${wallTime}Z`), timezone)
  expect(instant).toEqual(new Date(expected))
  const stretch = createZoneTimeline(timezone)(instant.getTime())
  expect(showInstant(instant.getTime(), stretch)).toBe(expected)
})

test('a zone that is not known is refused', () => {
  expect(() => instantOfWallTime(0, 'Nowhere')).toThrow('timezone "Nowhere"')
})
