// What an app pays that writes our row itself: one plain INSERT by its own Prisma client, and nothing else.
import { randomUUID } from 'node:crypto'
import { openClient } from './app.mjs'
import { ourTables } from './our-tables.mjs'

/** @type {import('../contenders/contender.js').OpenQueue} */
export function open({ url }) {
  const { base } = openClient({ url, onJob: () => undefined })
  const { pool, ...tables } = ourTables(url, 'noOp')
  /** @param {readonly object[]} jobs */
  const insert = (jobs) => base.$executeRaw`
    INSERT INTO sisy_task_run (id, label, callable, userdata, state, "dueAt")
    SELECT g.id, 'noOp', 'noOp', g.userdata, 'due', now()
    FROM ROWS FROM (unnest(${jobs.map(() => randomUUID())}::uuid[]), jsonb_array_elements(${JSON.stringify(jobs)}::jsonb)) AS g(id, userdata)`
  return {
    ...tables,
    enqueue: (data) => base.$executeRaw`
      INSERT INTO sisy_task_run (id, label, callable, userdata, state, "dueAt")
      VALUES (${randomUUID()}::uuid, 'noOp', 'noOp', ${JSON.stringify(data)}::jsonb, 'due', now())`,
    enqueueAll: insert,
    work: () => Promise.reject(new Error('This contender only enqueues.')),
    close: async () => {
      await base.$disconnect()
      await tables.close()
    },
  }
}
