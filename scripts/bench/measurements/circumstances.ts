import { bestPostgresPeers, ours } from '../contenders/contenders.js'
import { gather } from '../report/result.js'
import { tellProgress } from '../report/tell-progress.js'
import { openTableFiller } from '../stage/fill-tables.js'
import { holdSnapshot } from '../stage/hold-snapshot.js'
import { openField, type Entrant } from '../stage/open-field.js'
import { drainOnce } from './drain-once.js'
import type { Measurement } from './measurement.js'

/** How fast workers empty a queue where more is in the table, or somebody holds a snapshot of it. */
export const circumstances: Measurement = {
  name: 'circumstances',
  about: 'the drain with future jobs, after finished ones, and beside a held snapshot, against a fresh one',
  async run({ server, rounds, jobs, mostMs, size, wanted }) {
    const isQuick = size === 'quick'
    const [future, history] = isQuick ? [5_000, 500] : [1_000_000, 200_000]
    await using field = await openField(server, wanted([ours, ...bestPostgresPeers]))
    // Stores of their own, so that a fresh one stays fresh.
    await using others = await openField(server, [ours, ours])
    const [withFuture, withHistory] = others.entrants
    if (withFuture === undefined || withHistory === undefined) throw new Error('Our own stores are missing.')
    tellProgress('circumstances: fills the tables')
    await addFuture(withFuture, future)
    await drainOf(withHistory, history, { forMs: Infinity })

    const found = gather()
    const fresh = new Map<string, number>()
    const add = (measure: string, name: string, jobsPerSecond: number): void =>
      found.add(name, `${measure} ÷ fresh`, jobsPerSecond / (fresh.get(name) ?? NaN))
    for (let round = 0; round < rounds; round += 1) {
      tellProgress(`circumstances, round ${round + 1} of ${rounds}`)
      for (const entrant of field.entrants) {
        const { name } = entrant.contender
        const freshRate = await drainOf(entrant, jobs, { before: 'clear' })
        fresh.set(name, freshRate)
        found.add(name, 'jobs/s, fresh', freshRate)
        add('held snapshot', name, await drainOf(entrant, jobs, { before: 'clear', beside: 'snapshot' }))
      }
      await removeEnded(withFuture)
      add(`${readable(future)} future`, ours.name, await drainOf(withFuture, jobs))
      add(`after ${readable(history)}`, ours.name, await drainOf(withHistory, jobs))
    }

    async function drainOf(
      entrant: Entrant,
      count: number,
      { before, beside, forMs = mostMs }: Drained = {},
    ): Promise<number> {
      if (before === 'clear') await entrant.filler.ask('clear')
      await entrant.filler.ask('fill', count)
      await server.settle(entrant.url)
      const snapshot = beside === 'snapshot' ? await holdSnapshot(entrant.url) : undefined
      const { jobsPerSecond } = await drainOnce(server, entrant, {
        processes: 1,
        jobs: count,
        mostMs: forMs,
      })
      await snapshot?.end()
      return jobsPerSecond
    }

    return [
      {
        title: 'Drain beside other things, one process: the rate, and the share of it that is left',
        measured: found.measured(),
        notes: [
          `${jobs} jobs each time, after VACUUM ANALYZE and CHECKPOINT, for ${mostMs / 1000} s at most. Beside ${future} runs that are due in a week and later; in a table where workers ended ${history} runs before, and more each round; while another session holds a snapshot, in a transaction that was opened before the workers started.`,
        ],
      },
    ]
  },
}

interface Drained {
  readonly before?: 'clear'
  readonly beside?: 'snapshot'
  /** Default: as long as any. */
  readonly forMs?: number
}

async function addFuture({ url }: Entrant, count: number): Promise<void> {
  await using tables = await openTableFiller(url)
  await tables.addFutureRuns(count)
}

async function removeEnded({ url }: Entrant): Promise<void> {
  await using tables = await openTableFiller(url)
  await tables.removeEndedRuns()
}

function readable(count: number): string {
  return count >= 1_000_000 ? `${count / 1_000_000} M` : `${count / 1_000} k`
}
