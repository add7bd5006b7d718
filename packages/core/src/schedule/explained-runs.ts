import { createCronCalendar } from './cron-calendar.js'
import { nextRuns, type NextRunsOptions } from './next-runs.js'
import { parseSchedule } from './parse-schedule.js'
import { createZoneTimeline, type Stretch } from './zone-timeline.js'
import { showInstant, showWallTime } from './zoned-time.js'

/** What a change of clocks does to a run. */
export type ClockEffect =
  /** The wall-clock time is skipped (`2026-03-29T02:30:00`, without an offset since it has none); the run comes later. */
  | { readonly kind: 'moved'; readonly skipped: string }
  /** The wall-clock time comes twice: this is its first or second pass, or the only one that counts. */
  | { readonly kind: 'first' | 'second' | 'once' }

export interface ExplainedRun {
  readonly instant: Date
  /** The same as the zone's clocks show it, with their offset: `2026-03-29T03:30:00+02:00`. */
  readonly local: string
  /** Null on nearly every day. */
  readonly clockEffect: ClockEffect | null
}

/** As `nextRuns`, with each run's local time and what a change of clocks does to it. @throws as `nextRuns` does. */
export function explainedRuns(text: string, options: NextRunsOptions): ExplainedRun[] {
  const runs = nextRuns(text, options)
  const schedule = parseSchedule(text)
  const nextWallTime = createCronCalendar(schedule)
  const stretchAt = createZoneTimeline(options.timezone ?? 'UTC')
  const matches = (wallTime: number): boolean => nextWallTime(wallTime - 1) === wallTime

  const effectOn = (instant: number): ClockEffect | null => {
    const stretch = stretchAt(instant)
    const wallTime = instant + stretch.offset
    if (!matches(wallTime)) {
      return { kind: 'moved', skipped: showWallTime(wallTime - stretch.shift) }
    }
    if (isRepeated(stretch, instant)) return { kind: 'second' }
    const following = stretchAt(stretch.end)
    if (instant < stretch.end + following.shift) return null
    return { kind: schedule.everyHour ? 'first' : 'once' }
  }
  return runs.map((instant) => {
    const time = instant.getTime()
    return { instant, local: showInstant(time, stretchAt(time)), clockEffect: effectOn(time) }
  })
}

/** Whether clocks went back before the instant and have not caught up with it. */
function isRepeated({ start, shift }: Stretch, instant: number): boolean {
  return instant < start - shift
}
