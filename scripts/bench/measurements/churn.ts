import pg from 'pg'
import { ours } from '../contenders/contenders.js'
import { gather } from '../report/result.js'
import { tellProgress } from '../report/tell-progress.js'
import { holdSnapshot } from '../stage/hold-snapshot.js'
import { openField } from '../stage/open-field.js'
import { drainOnce } from './drain-once.js'
import type { Measurement } from './measurement.js'

const mebibyte = 1024 * 1024

/** In what state the table of runs is kept. */
const surroundings = [
  { name: 'fillfactor 100', fillFactor: 100 },
  { name: 'fillfactor 70', fillFactor: 70 },
  { name: 'fillfactor 50', fillFactor: 50 },
  { name: 'fillfactor 100, beside a held snapshot', fillFactor: 100, holds: true },
]

/** What becomes of the table of runs that come, end and are pruned, again and again. */
export const churn: Measurement = {
  name: 'churn',
  about:
    'share of HOT updates, and how far table and indexes swell, by fillfactor and beside a held snapshot',
  async run({ server, size, jobs, mostMs }) {
    const turns = size === 'quick' ? 2 : 10
    const found = gather()
    for (const { name, fillFactor, holds = false } of surroundings) {
      tellProgress(`churn: ${name}`)
      await using field = await openField(server, [ours])
      const [entrant] = field.entrants
      if (entrant === undefined) throw new Error('There is nothing of ours to measure.')
      await using client = await connect(entrant.url)
      await client.query(`ALTER TABLE sisy_task_run SET (fillfactor = ${fillFactor})`)
      const holder = holds ? await holdSnapshot(entrant.url) : undefined
      for (let turn = 1; turn <= turns; turn += 1) {
        await entrant.filler.ask('fill', jobs / 5)
        await client.query('ANALYZE sisy_task_run')
        const { jobsPerSecond } = await drainOnce(server, entrant, {
          processes: 1,
          jobs: jobs / 5,
          mostMs: mostMs * 5,
        })
        if (turn === turns) found.add(name, 'jobs/s, last turn', jobsPerSecond)
        else await client.query(`DELETE FROM sisy_task_run WHERE state = 'succeeded'`)
        // What autovacuum does, sooner or later.
        await client.query('VACUUM sisy_task_run')
      }
      const swollen = await sizes(client)
      found.add(name, 'HOT updates, %', await hotShare(client))
      await holder?.end()
      await client.query('VACUUM FULL sisy_task_run')
      const compact = await sizes(client)
      found.add(name, 'table, MB', swollen.table / mebibyte)
      found.add(name, 'table, × compact', swollen.table / compact.table)
      found.add(name, 'indexes, MB', swollen.indexes / mebibyte)
      found.add(name, 'indexes, × compact', swollen.indexes / compact.indexes)
    }
    return [
      {
        title: 'Churn: the table of runs that come, end and are pruned, again and again',
        measured: found.measured(),
        notes: [
          `${turns} turns of ${jobs / 5} jobs with the default indexes: enqueue, drain, delete what has ended, VACUUM. The last turn is left in the table; its size then, and after VACUUM FULL, which makes it compact. The snapshot is held from before the first turn until after the last.`,
        ],
      },
    ]
  },
}

async function connect(url: string): Promise<pg.Client & AsyncDisposable> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() })
}

async function sizes(client: pg.Client): Promise<{ readonly table: number; readonly indexes: number }> {
  const { rows } = await client.query<{ table: number; indexes: number }>(
    `SELECT pg_table_size('sisy_task_run')::float8 AS "table", pg_indexes_size('sisy_task_run')::float8 AS indexes`,
  )
  if (rows[0] === undefined) throw new Error('The table of runs has no size.')
  return rows[0]
}

async function hotShare(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ share: string }>(
    `SELECT 100.0 * n_tup_hot_upd / greatest(n_tup_upd, 1) AS share FROM pg_stat_user_tables WHERE relname = 'sisy_task_run'`,
  )
  return Number(rows[0]?.share ?? NaN)
}
