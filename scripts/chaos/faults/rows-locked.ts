import pg from 'pg'
import type { Fault } from './fault.js'

/** Some of what is running, some of what is claimed next, the tasks, and a key that others will want. */
const statements = [
  'BEGIN',
  `SELECT id FROM sisy_task_run WHERE state = 'running' LIMIT 3 FOR UPDATE SKIP LOCKED`,
  `SELECT id FROM sisy_task_run WHERE state IN ('due', 'scheduled') LIMIT 3 FOR UPDATE SKIP LOCKED`,
  `SELECT id FROM sisy_task WHERE "allowOverlap" LIMIT 1 FOR UPDATE SKIP LOCKED`,
  `INSERT INTO sisy_task_run (label, callable, "activeKey") VALUES ('quick', 'quick', 'u:key 3') ON CONFLICT DO NOTHING`,
]

export const rowsLocked: Fault = {
  name: 'rows locked by an idle transaction',
  reach: 'database',
  recovery: { by: 'any run', limitMs: null },
  harm: 'loses leases',
  lastsMs: 8_000,
  inject: async ({ stage: { database } }) => {
    const session = new pg.Client({ connectionString: database.url('idle session') })
    // The server may be restarted under it, and the locks are gone then.
    session.on('error', () => undefined)
    const sent = async (sql: string): Promise<unknown> => session.query(sql).catch(() => undefined)
    await session.connect().catch(() => undefined)
    for (const sql of statements) await sent(sql)
    return {
      end: async () => {
        await sent('ROLLBACK')
        await session.end().catch(() => undefined)
      },
    }
  },
}
