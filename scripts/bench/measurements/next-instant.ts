import { createInstantCache, firstRun, stampDecision } from '../../../packages/core/dist/internal.js'
import { createInstantSeries } from '../cron-parser-series.js'
import { medianTime } from '../median-time.js'
import { manyTasks } from '../planned-tasks.js'
import { gather, type Gathering } from '../report/result.js'
import { tellProgress } from '../report/tell-progress.js'
import type { Measurement } from './measurement.js'

const batchSize = 1_000
const schedules = ['* * * * *', '*/15 9-17 * * 1-5', '30 2 * * *', '0 0 1 * *', '0 0 29 2 *', '0 0 * 2 1#5']
const zones = ['UTC', 'Europe/Madrid', 'America/New_York', 'Australia/Lord_Howe']
const start = new Date('2026-03-01T00:00Z')
const dayMs = 86_400_000
/** Questions lie days apart, so that each is a search. */
const askedAt = (sample: number): Date => new Date(start.getTime() + sample * 11 * dayMs)

/** What the next instant of a schedule costs, and the decisions of a heartbeat that asks for many. No database takes part. */
export const nextInstant: Measurement = {
  name: 'next-instant',
  about: 'microseconds for the next instant of a schedule in a zone, and for planning and stamping decisions',
  async run({ size, rounds }) {
    const isQuick = size === 'quick'
    const samples = isQuick ? 10 : 100
    const taskCount = isQuick ? 2_000 : 100_000
    const [instants, decisions] = [gather(), gather()]
    for (let round = 0; round < rounds; round += 1) {
      tellProgress(`next-instant, round ${round + 1} of ${rounds}`)
      for (const schedule of schedules)
        for (const timezone of zones) searches(instants, { schedule, timezone, samples })
      for (const zonesPerSchedule of [1, 20]) decide(decisions, taskCount, zonesPerSchedule)
    }
    return [
      {
        title: 'One next instant, microseconds',
        measured: instants.measured(),
        notes: [
          `Medians of ${samples} questions. Cold: everything anew; search: schedule and zone are known; cached: the question was asked before. For comparison cron-parser with its tz option, anew and going on; nothing where it throws.`,
        ],
      },
      {
        title: "The heartbeat's decisions, microseconds a task",
        measured: decisions.measured(),
        notes: [
          `${taskCount} tasks in batches of ${batchSize}, 200 schedules, from a cold start: all together, and the median batch.`,
        ],
      },
    ]
  },
}

interface Searched {
  readonly schedule: string
  readonly timezone: string
  readonly samples: number
}

function searches(found: Gathering, { schedule, timezone, samples }: Searched): void {
  const add = (measure: string, ask: (sample: number) => unknown): void =>
    found.add(`${schedule}  ${timezone}`, measure, micros(samples, ask))
  const [known, cached] = [createInstantCache(), createInstantCache()]
  known(schedule, timezone)(start.getTime())
  cached(schedule, timezone)(start.getTime())
  add('cold, µs', (n) => createInstantCache()(schedule, timezone)(askedAt(n).getTime()))
  add('search, µs', (n) => known(schedule, timezone)(askedAt(n + 1).getTime()))
  add('cached, µs', () => cached(schedule, timezone)(start.getTime()))
  add('cron-parser anew, µs', (n) => createInstantSeries(schedule, timezone, askedAt(n))())
  let series: (() => Date) | undefined
  add('cron-parser going on, µs', () => (series ??= createInstantSeries(schedule, timezone, start))())
}

/** Null when there is no answer: cron-parser gives sparse schedules up. */
function micros(samples: number, ask: (sample: number) => unknown): number | null {
  try {
    return medianTime(samples, (n) => void ask(n)) * 1000
  } catch {
    return null
  }
}

function decide(found: Gathering, count: number, zonesPerSchedule: number): void {
  const { tasks, pairs } = manyTasks({ count, schedules: 200, zones: 20, zonesPerSchedule })
  const instantsOf = createInstantCache()
  const now = new Date(start.getTime() + 10 * dayMs)
  const planning: number[] = []
  const stamping: number[] = []
  for (let first = 0; first < tasks.length; first += batchSize) {
    const batch = tasks.slice(first, first + batchSize)
    planning.push(
      medianTime(1, () => {
        for (const task of batch) firstRun(task, { now, from: now, instantsOf })
      }),
    )
    stamping.push(
      medianTime(1, () => {
        for (const task of batch)
          stampDecision({ ...task, nextRun: now }, { now, periodMs: 60_000, instantsOf })
      }),
    )
  }
  const name = `${pairs} pairs of schedule and zone`
  for (const [what, times] of [
    ['planning', planning],
    ['stamping', stamping],
  ] as const) {
    const perTask = (ms: number): number => (ms / batchSize) * 1000
    const total = times.reduce((sum, time) => sum + time, 0)
    const median = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? NaN
    found.add(name, `${what}, all`, perTask(total / times.length))
    found.add(name, `${what}, median batch`, perTask(median))
  }
}
