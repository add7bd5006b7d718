import type { PlannedTask } from '../../src/schedule/planned-task.js'

/** A task as the table's defaults make it, hourly in UTC, not planned yet. */
export function plannedTask(columns: Partial<PlannedTask> = {}): PlannedTask {
  return {
    id: '0b9c8f6e-3d0e-4f6a-9a55-7f2c1d3e4b5a',
    schedule: '0 * * * *',
    timezone: 'UTC',
    enabled: true,
    startRunning: null,
    endRunning: null,
    waitForSchedule: true,
    iterations: 0,
    allowOverlap: true,
    misfire: 'once',
    misfireWindow: null,
    misfireLimit: 100,
    jitterSeconds: 0,
    queue: 'default',
    lastRun: null,
    nextRun: null,
    ...columns,
  }
}

/** An instant on the day all these tests are about, `10:00` or `10:00:30.5`. */
export function at(time: string): Date {
  return new Date(`2026-05-04T${time}Z`)
}
