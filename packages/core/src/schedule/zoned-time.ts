import { checkTimezone } from './check-timezone.js'
import { createZoneTimeline, type Stretch } from './zone-timeline.js'

/** An instant as the clocks of a zone show it, with their offset: `2026-03-29T03:30:00+02:00`. */
export function showInstant(instant: number, { offset }: Stretch): string {
  const minutes = Math.abs(Math.trunc(offset / 60_000))
  const two = (number: number): string => String(number).padStart(2, '0')
  const shown = `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
  return showWallTime(instant + offset) + shown
}

/** A wall-clock time, which is written as milliseconds as if it were UTC: `2026-03-29T02:30:00`. */
export function showWallTime(wallTime: number): string {
  return new Date(wallTime).toISOString().slice(0, 19)
}

/**
 * The first instant at which the clocks of a zone show this time or a later one: the first of two where it comes
 * twice, the end of the gap where it is skipped.
 *
 * @param wallTime milliseconds, as if it were UTC.
 * @throws {InvalidTimezoneError} for a zone that is not known.
 */
export function instantOfWallTime(wallTime: number, timezone: string): Date {
  checkTimezone(timezone)
  const stretchAt = createZoneTimeline(timezone)
  for (let stretch = stretchAt(wallTime - 86_400_000); ; stretch = stretchAt(stretch.end)) {
    const instant = Math.max(stretch.start, wallTime - stretch.offset)
    if (instant < stretch.end) return new Date(instant)
  }
}
