// Our heartbeat, on tasks of many schedules.
import { createHeartbeat } from '../../../packages/heartbeat/dist/index.js'
import { openClient } from './app.mjs'
import { ourTables } from './our-tables.mjs'

/** @type {import('../contenders/contender.js').OpenQueue} */
export function open({ url, settings }) {
  const { prisma, base, callables } = openClient({ url, onJob: () => undefined })
  const { pool, ...tables } = ourTables(url, 'noOp')
  const heartbeat = createHeartbeat({ prisma, ...settings })
  return {
    ...tables,
    enqueue: (userdata) => prisma.task.runOnce(callables.noOp, { userdata }),
    enqueueAll: (jobs) =>
      prisma.task.runOnceMany(
        callables.noOp,
        jobs.map((userdata) => ({ userdata })),
      ),
    work: () => heartbeat.start(),
    tick: () => heartbeat.tick(),
    close: async () => {
      await heartbeat.stop()
      await base.$disconnect()
      await tables.close()
    },
  }
}
