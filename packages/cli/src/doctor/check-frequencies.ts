import {
  everyHeartbeat,
  frequencyWarning,
  InvalidScheduleError,
  type ScheduleWithSeconds,
} from '@sisy/core/internal'
import { hint, problem, type Finding } from './finding.js'

/** Judges schedules that name seconds against the heartbeat's period, milliseconds. */
export function checkFrequencies(schedules: readonly ScheduleWithSeconds[], periodMs: number): Finding[] {
  return schedules.flatMap(({ schedule, tasks }) => {
    if (schedule === everyHeartbeat) return []
    const where = tasks === 1 ? 'A task' : `${tasks} tasks`
    try {
      const warning = frequencyWarning(schedule, periodMs)
      return warning === null ? [] : [hint(`${where}: ${warning}`)]
    } catch (error) {
      if (!(error instanceof InvalidScheduleError)) throw error
      return [problem(`${where}: ${error.message}. Change the schedule.`)]
    }
  })
}
