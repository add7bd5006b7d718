import type { NextTime } from './cron-calendar.js'
import type { Schedule } from './parse-schedule.js'
import type { Stretch } from './zone-timeline.js'

/** Nothing is planned from here on; a schedule that finds nothing before it has no next instant. */
const HORIZON = Date.UTC(10_000, 0)

/** A schedule and its wall-clock times, which are the same in every zone. */
export interface Calendar {
  readonly schedule: Schedule
  readonly nextWallTime: NextTime
}

/**
 * The instants of a schedule in a zone, strictly increasing; `Infinity` when there is none before the year 10000.
 *
 * Where clocks change, it depends on the hour field. When it is fixed, a skipped wall-clock time is moved forward by
 * the length of the gap and a repeated one counts the first time only. When every hour matches, a repeated time counts
 * both times and a skipped one not at all.
 */
export function createInstantFinder(
  { schedule, nextWallTime }: Calendar,
  stretchAt: (instant: number) => Stretch,
): NextTime {
  const atOrAfter = (wallTime: number) => nextWallTime(wallTime - 1)

  const ordinary = (stretch: Stretch, from: number): number => {
    const { start, offset, shift } = stretch
    const repeatedUntil = schedule.everyHour || shift >= 0 ? -Infinity : start - shift
    return atOrAfter(Math.max(from, repeatedUntil) + offset) - offset
  }

  const moved = ({ start, offset, shift }: Stretch, from: number): number => {
    if (schedule.everyHour || from >= start + shift) return Infinity
    const wallTime = atOrAfter(from + offset - shift)
    return wallTime < start + offset ? wallTime - offset + shift : Infinity
  }

  return (after) => {
    let from = after + 1
    while (from < HORIZON) {
      const stretch = stretchAt(from)
      const instant = Math.min(moved(stretch, from), ordinary(stretch, from))
      if (instant < stretch.end) return instant < HORIZON ? instant : Infinity
      from = stretch.end
    }
    return Infinity
  }
}
