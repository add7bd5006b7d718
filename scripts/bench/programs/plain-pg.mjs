// The limit: our tables, indexes and statements, and nothing else. Claims the next batch while the last one is ended.
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { ourTables } from './our-tables.mjs'

const batch = 500
const channel = 'sisy.run_task'

const claimSql = `UPDATE sisy_task_run SET state = 'running', attempt = attempt + 1, "workerId" = $1, "leaseToken" = $2,
    "leaseUntil" = now() + interval '1 minute', "startedAt" = now()
  WHERE id = ANY(ARRAY(
    SELECT id FROM sisy_task_run WHERE state = 'due' AND queue = 'default'
    ORDER BY priority DESC, "dueAt" LIMIT ${batch} FOR UPDATE SKIP LOCKED))
  RETURNING id, callable, userdata, attempt`

const finishSql = `UPDATE sisy_task_run AS r SET state = 'succeeded', "finishedAt" = now(), "leaseUntil" = NULL,
    "activeKey" = NULL
  FROM unnest($1::uuid[], $2::uuid[]) AS given(id, token)
  WHERE r.id = given.id AND r."leaseToken" = given.token`

/** @type {import('../contenders/contender.js').OpenQueue} */
export function open({ url, settings, recorder }) {
  const { pool, ...tables } = ourTables(url, 'noOp')
  const workerId = randomUUID()
  const inTurn = settings['inTurn'] === true
  let stopped = false
  /** @type {Promise<void> | undefined} */
  let working
  let wake = () => {}

  async function workOn() {
    const listener = new pg.Client({ connectionString: url })
    await listener.connect()
    await listener.query(`LISTEN "${channel}"`)
    listener.on('notification', () => wake())
    /** @type {Promise<unknown>} */
    let ending = Promise.resolve()
    while (!stopped) {
      const token = randomUUID()
      const woken = new Promise((resolve) => (wake = () => resolve(undefined)))
      const { rows } = await pool.query({ name: 'claim', text: claimSql, values: [workerId, token] })
      for (const row of rows) recorder.began(row.userdata)
      await ending
      if (rows.length === 0) {
        // As polling does, for runs nobody was told of.
        const timer = setTimeout(wake, 2_000)
        await woken
        clearTimeout(timer)
        continue
      }
      const ids = rows.map(({ id }) => id)
      ending = pool.query({ name: 'finish', text: finishSql, values: [ids, ids.map(() => token)] })
      if (inTurn) await ending
    }
    await ending
    await listener.end()
  }

  /** @param {readonly object[]} jobs */
  async function insert(jobs) {
    await pool.query({
      name: 'insert',
      text: `WITH inserted AS (
          INSERT INTO sisy_task_run (id, label, callable, userdata, state, "dueAt")
          SELECT g.id, 'noOp', 'noOp', g.userdata, 'due', now()
          FROM ROWS FROM (unnest($1::uuid[]), jsonb_array_elements($2::jsonb)) AS g(id, userdata) RETURNING 1)
        SELECT pg_notify('${channel}', 'default') FROM (SELECT count(*) FROM inserted) AS all_of_them`,
      values: [jobs.map(() => randomUUID()), JSON.stringify(jobs)],
    })
  }

  return {
    ...tables,
    enqueue: (data) => insert([data]),
    enqueueAll: insert,
    work: async () => {
      working = workOn()
    },
    close: async () => {
      stopped = true
      wake()
      await working
      await tables.close()
    },
  }
}
