import { parseSchedule } from './parse-schedule.js'

/**
 * What to tell about a six-field schedule with instants nearer than the heartbeat's period, or null. It is valid: no
 * task runs more often than once per period, and instants in between are dropped.
 *
 * @throws {InvalidScheduleError} when the schedule cannot be read.
 */
export function frequencyWarning(schedule: string, periodMs: number): string | null {
  const { text, hasSeconds, seconds, minutes } = parseSchedule(schedule)
  if (!hasSeconds) return null
  const inHour = minutes.flatMap((minute) => seconds.map((second) => minute * 60 + second))
  const gaps = inHour.slice(1).map((second, i) => second - (inHour[i] ?? 0))
  const shortestMs = Math.min(...gaps) * 1000
  if (shortestMs >= periodMs) return null
  return (
    `schedule "${text}" has instants ${shortestMs / 1000} s apart, but no task runs more often than once per ` +
    `heartbeat: it will run at most every ${periodMs / 1000} s. Lower SISY_HEARTBEAT_FREQUENCY to run it more often.`
  )
}
