import type { firstRun } from '../../packages/core/dist/internal.js'

type PlannedTask = Parameters<typeof firstRun>[0]

/** How many tasks to make, and what they share. */
export interface ManyTasks {
  readonly count: number
  readonly schedules: number
  readonly zones: number
  /** 1: tasks that share a schedule share its zone, too. */
  readonly zonesPerSchedule: number
}

/** Tasks of a busy installation, in no order. */
export function manyTasks({ count, schedules, zones, zonesPerSchedule }: ManyTasks) {
  const names = Intl.supportedValuesOf('timeZone')
  const timezones = Array.from(
    { length: zones },
    (_, i) => names[Math.floor((i * names.length) / zones)] ?? 'UTC',
  )
  const tasks = Array.from({ length: count }, (_, n): PlannedTask => {
    // Multiplication by a prime scatters the tasks, always in the same way.
    const mixed = (n * 7919) % (schedules * zonesPerSchedule)
    const schedule = mixed % schedules
    const zone = schedule + Math.floor(mixed / schedules)
    return {
      id: String(n),
      schedule: scheduleOf(schedule),
      timezone: timezones[zone % zones] ?? 'UTC',
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
    }
  })
  return { tasks, pairs: new Set(tasks.map(({ schedule, timezone }) => `${timezone} ${schedule}`)).size }
}

/** Frequent, daily, weekly, monthly and yearly ones in turn. */
function scheduleOf(n: number): string {
  const minute = Math.floor(n / 5) % 60
  const hour = (n * 5) % 24
  const kinds = [
    `${minute} * * * *`,
    `${minute} ${hour} * * *`,
    `${minute} ${hour} * * mon-fri`,
    `${minute} ${hour} ${1 + (n % 28)} * *`,
    `${minute} ${hour} 29 2 *`,
  ]
  return kinds[n % kinds.length] ?? '* * * * *'
}
