import { everyHeartbeat, frequencyWarning, type Logger, type TimedTask } from '@sisy/core/internal'

/** Schedules kept in mind; past that all are forgotten, and told of once more. */
const mostSchedules = 10_000

/** Says of a planned task that it will not run as often as its schedule says; once per schedule. */
export type ReportFrequency = (task: TimedTask) => void

export function createFrequencyReporter(logger: Logger, periodMs: number): ReportFrequency {
  const seen = new Set<string>()
  return ({ id, label, schedule }) => {
    // Whoever writes this asks for no more than the heartbeat allows.
    if (schedule === everyHeartbeat || seen.has(schedule)) return
    if (seen.size >= mostSchedules) seen.clear()
    seen.add(schedule)
    const warning = frequencyWarning(schedule, periodMs)
    if (warning !== null) logger.warn({ task: id }, `Task "${label}" (${id}): ${warning}`)
  }
}
