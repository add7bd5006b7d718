import { heartbeat, ours } from '../contenders/contenders.js'
import { gather } from '../report/result.js'
import { tellProgress } from '../report/tell-progress.js'
import { openTableFiller } from '../stage/fill-tables.js'
import { openField, type Entrant } from '../stage/open-field.js'
import type { BenchServer } from '../stage/open-server.js'
import { startProgram } from '../stage/start-program.js'
import { drainOnce } from './drain-once.js'
import type { Measurement } from './measurement.js'

const sizes = {
  quick: [1_000],
  full: [10_000, 100_000, 1_000_000],
  large: [10_000, 100_000, 1_000_000, 10_000_000],
}
/** Tasks stamped and rows pruned at most; the rest of the table is in the way. */
const mostRows = 100_000
const claimed = 500
const claims = 9

/** What grows with the tables, and what does not. */
export const growth: Measurement = {
  name: 'growth',
  about:
    'stamping, claiming, draining and pruning with ever more tasks and history; --large goes to 10 million',
  async run({ server, size, jobs, mostMs }) {
    const found = gather()
    for (const rows of sizes[size]) {
      tellProgress(`growth: ${rows} tasks and ended runs`)
      const name = `${String(rows).replace(/\B(?=(\d{3})+$)/g, ' ')} rows`
      const add = (measure: string, value: number): void => found.add(name, measure, value)
      await using field = await openField(server, [ours])
      const [entrant] = field.entrants
      if (entrant === undefined) throw new Error('There is nothing of ours to measure.')
      await fill(entrant, rows)
      await server.settle(entrant.url)
      add('stamping, µs a task', await beatUntilDone(entrant.url, 'stamped'))
      for (const ms of await claimsOf(server, entrant)) add('claim of 500, ms', ms)
      await endAll(entrant)
      await entrant.filler.ask('fill', jobs)
      await server.settle(entrant.url)
      const { jobsPerSecond } = await drainOnce(server, entrant, { processes: 1, jobs, mostMs })
      add('drain, jobs/s', jobsPerSecond)
      add('pruning, µs a row', await pruningOf(server, entrant, Math.min(mostRows, rows / 10)))
    }
    return [
      {
        title: 'Growth: the same work beside ever more tasks, and as many ended runs',
        measured: found.measured(),
        notes: [
          `A tenth of the tasks is due, at most ${mostRows}; ${claims} claims of ${claimed} runs; ${jobs} jobs are drained; a tenth of the history, at most ${mostRows} rows, is old enough to be pruned. VACUUM ANALYZE and CHECKPOINT before each.`,
        ],
      },
    ]
  },
}

async function fill({ url }: Entrant, rows: number): Promise<void> {
  await using tables = await openTableFiller(url)
  await tables.addEndedRuns(rows, 0.5)
  await tables.addTasks(rows)
  await tables.makeDueIn(-1_000, Math.min(mostRows, rows / 10))
}

/** Runs the heartbeat until it does no more of something. @returns microseconds for each. */
async function beatUntilDone(url: string, what: 'stamped' | 'pruned'): Promise<number> {
  await using beat = await startProgram(heartbeat, url)
  let done = 0
  let ms = 0
  for (;;) {
    const tick = await beat.ask('tick')
    if (tick[what] === 0) return (ms / done) * 1000
    done += tick[what]
    ms += tick.ms
  }
}

async function claimsOf(server: BenchServer, { url, filler }: Entrant): Promise<number[]> {
  await using claimer = await startProgram(ours, url)
  await claimer.ask('claim', 1)
  const times: number[] = []
  for (let n = 0; n < claims; n += 1) {
    await filler.ask('fill', claimed)
    await server.settle(url)
    times.push(await claimer.ask('claim', claimed))
  }
  return times
}

async function endAll({ url }: Entrant): Promise<void> {
  await using tables = await openTableFiller(url)
  await tables.client.query(`DELETE FROM sisy_task_run WHERE state IN ('due', 'running')`)
}

async function pruningOf(server: BenchServer, { url }: Entrant, rows: number): Promise<number> {
  await using tables = await openTableFiller(url)
  await tables.addEndedRuns(rows, 40)
  await server.settle(url)
  return await beatUntilDone(url, 'pruned')
}
