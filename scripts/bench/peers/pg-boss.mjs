import pg from 'pg'
import { PgBoss } from 'pg-boss'

const queue = 'noOp'

/** @type {import('../contenders/contender.js').OpenQueue} */
export function open({ url, settings, recorder }) {
  const { boss: bossSettings = {}, queue: queueSettings = {}, work: workSettings = {} } = settings
  const pool = new pg.Pool({ connectionString: url, max: 2 })
  let started
  const boss = () =>
    (started ??= (async () => {
      const made = new PgBoss({ connectionString: url, ...bossSettings })
      made.on('error', (error) => console.error(error))
      await made.start()
      return made
    })())
  return {
    setUp: async () => {
      await (await boss()).createQueue(queue, queueSettings)
    },
    clear: async () => {
      await pool.query('TRUNCATE pgboss.job')
    },
    fill: async (count) => {
      const jobs = Array.from({ length: 10_000 }, () => ({ data: { email: 'ana@example.org', months: 3 } }))
      for (let left = count; left > 0; left -= jobs.length)
        await (await boss()).insert(queue, jobs.slice(0, left))
    },
    enqueue: async (data) => (await boss()).send(queue, data),
    enqueueAll: async (jobs) =>
      (await boss()).insert(
        queue,
        jobs.map((data) => ({ data })),
      ),
    work: async () => {
      await (
        await boss()
      ).work(queue, workSettings, async (jobs) => {
        for (const { data } of jobs) recorder.began(data)
      })
    },
    isDrained: async () => {
      const { rows } = await pool.query(
        `SELECT NOT EXISTS (SELECT FROM pgboss.job WHERE name = $1 AND state < 'completed') AS drained`,
        [queue],
      )
      return rows[0].drained
    },
    close: async () => {
      await (await started)?.stop({ graceful: true, timeout: 5_000 })
      await pool.end()
    },
  }
}
