// Our heartbeat, on tasks of many schedules.
import { createHeartbeat } from '../../../packages/heartbeat/dist/index.js'
import { enqueuing, openClient } from './app.mjs'
import { ourTables } from './our-tables.mjs'

/** @type {import('../contenders/contender.js').OpenQueue} */
export function open({ url, settings }) {
  const { prisma, base, callables } = openClient({ url, onJob: () => undefined })
  const { pool, ...tables } = ourTables(url, 'noOp')
  const heartbeat = createHeartbeat({ prisma, ...settings })
  return {
    ...tables,
    ...enqueuing({ prisma, callables }),
    work: () => heartbeat.start(),
    tick: () => heartbeat.tick(),
    close: async () => {
      await heartbeat.stop()
      await base.$disconnect()
      await tables.close()
    },
  }
}
