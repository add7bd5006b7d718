// What the next instant of a schedule costs: `pnpm bench:next-instant [--quick]`, after a build.
import process from 'node:process'
import { createInstantCache, firstRun, stampDecision } from '../../packages/core/dist/internal.js'
import { createInstantSeries } from './cron-parser-series.js'
import { describeMachine } from './machine.js'
import { medianTime } from './median-time.js'
import { manyTasks } from './planned-tasks.js'
import { showTable } from './show-table.js'

const isQuick = process.argv.includes('--quick')
const samples = isQuick ? 20 : 100
const taskCount = isQuick ? 5_000 : 100_000
const batchSize = 1_000

const schedules = ['* * * * *', '*/15 9-17 * * 1-5', '30 2 * * *', '0 0 1 * *', '0 0 29 2 *', '0 0 * 2 1#5']
const zones = ['UTC', 'Europe/Madrid', 'America/New_York', 'Australia/Lord_Howe']
const start = new Date('2026-03-01T00:00Z')
const day = 86_400_000
/** Questions lie days apart, so that each is a search. */
const askedAt = (sample: number): Date => new Date(start.getTime() + sample * 11 * day)

function searches(): string[][] {
  return schedules.flatMap((schedule) =>
    zones.map((timezone) => {
      const cache = createInstantCache()
      cache(schedule, timezone, start)
      const answers = createInstantCache()
      answers(schedule, timezone, start)
      return [
        `${schedule}  ${timezone}`,
        micros(() => medianTime(samples, (n) => createInstantCache()(schedule, timezone, askedAt(n)))),
        micros(() => medianTime(samples, (n) => cache(schedule, timezone, askedAt(n + 1)))),
        micros(() => medianTime(samples, () => answers(schedule, timezone, start))),
        micros(() => medianTime(samples, (n) => createInstantSeries(schedule, timezone, askedAt(n))())),
        micros(() => {
          const next = createInstantSeries(schedule, timezone, start)
          return medianTime(samples, next)
        }),
      ]
    }),
  )
}

/** Microseconds, or why there is no answer. */
function micros(measure: () => number): string {
  try {
    return (measure() * 1000).toFixed(1)
  } catch (error) {
    return error instanceof Error ? error.message.slice(0, 24) : 'failed'
  }
}

/** Plans and stamps many tasks in the heartbeat's batches, each distinct question worked out once per heartbeat. */
function plannings(): string[][] {
  return [1, 20].map((zonesPerSchedule) => {
    const { tasks, pairs } = manyTasks({ count: taskCount, schedules: 200, zones: 20, zonesPerSchedule })
    const nextInstant = createInstantCache()
    const now = new Date(start.getTime() + 10 * day)
    const planning: number[] = []
    const stamping: number[] = []
    for (let first = 0; first < tasks.length; first += batchSize) {
      const batch = tasks.slice(first, first + batchSize)
      planning.push(
        medianTime(1, () => {
          for (const task of batch) firstRun(task, { now, from: now, nextInstant })
        }),
      )
      stamping.push(
        medianTime(1, () => {
          for (const task of batch)
            stampDecision({ ...task, nextRun: now }, { now, periodMs: 60_000, nextInstant })
        }),
      )
    }
    return [
      `${taskCount} tasks, ${pairs} pairs of schedule and zone`,
      ...totals(planning),
      ...totals(stamping),
    ]
  })
}

function totals(batches: readonly number[]): string[] {
  const sorted = [...batches].sort((a, b) => a - b)
  const total = batches.reduce((sum, time) => sum + time, 0)
  return [total.toFixed(0), sorted[Math.floor(sorted.length / 2)]?.toFixed(2) ?? '']
}

console.log(`${describeMachine()}\nMedians of ${samples} samples.\n`)
console.log(
  'One next instant, microseconds. Cold: everything anew; search: schedule and zone are known; cached: the',
)
console.log('question was asked before. For comparison cron-parser with its tz option, anew and going on.\n')
const head = ['schedule, zone', 'cold', 'search', 'cached', 'cron-parser anew', 'going on']
console.log(showTable(head, searches()))
console.log(`\nThe heartbeat's decisions in batches of ${batchSize}, milliseconds.\n`)
const planningHead = ['tasks', 'plan, all', 'plan, batch', 'stamp, all', 'stamp, batch']
console.log(showTable(planningHead, plannings()))
