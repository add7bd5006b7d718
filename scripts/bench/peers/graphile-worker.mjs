import { Logger, makeWorkerUtils, run } from 'graphile-worker'
import pg from 'pg'

const silent = new Logger(() => () => undefined)
const task = 'noOp'

/** @type {import('../contenders/contender.js').OpenQueue} */
export function open({ url, settings, recorder }) {
  const { isSilent, ...preset } = settings
  const pool = new pg.Pool({ connectionString: url, max: 2 })
  const logger = isSilent ? { logger: silent } : {}
  const utils = makeWorkerUtils({ connectionString: url, logger: silent })
  let runner
  return {
    setUp: async () => (await utils).migrate(),
    clear: async () => {
      await pool.query('TRUNCATE graphile_worker._private_jobs')
    },
    fill: async (count) => {
      const { addJobs } = await utils
      const jobs = Array.from({ length: 10_000 }, () => ({
        identifier: task,
        payload: { email: 'ana@example.org', months: 3 },
      }))
      for (let left = count; left > 0; left -= jobs.length) await addJobs(jobs.slice(0, left))
    },
    enqueue: async (data) => (await utils).addJob(task, data),
    enqueueAll: async (jobs) => (await utils).addJobs(jobs.map((payload) => ({ identifier: task, payload }))),
    work: async () => {
      runner = await run({
        preset: { worker: { ...preset, ...logger, connectionString: url } },
        taskList: { [task]: (payload) => recorder.began(payload) },
        noHandleSignals: true,
      })
    },
    isDrained: async () => {
      const { rows } = await pool.query(
        'SELECT NOT EXISTS (SELECT FROM graphile_worker._private_jobs) AS drained',
      )
      return rows[0].drained
    },
    close: async () => {
      await runner?.stop()
      await (await utils).release()
      await pool.end()
    },
  }
}
