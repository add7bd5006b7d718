import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'

const name = 'noOp'

/** @type {import('../contenders/contender.js').OpenQueue} */
export function open({ url, settings, recorder }) {
  const { prefix, ...workerSettings } = settings
  const connection = new Redis(url, { maxRetriesPerRequest: null })
  const queue = new Queue(name, { connection, prefix })
  let worker
  return {
    setUp: async () => undefined,
    clear: async () => {
      await queue.obliterate({ force: true })
    },
    fill: async (count) => {
      const jobs = Array.from({ length: 10_000 }, () => ({
        name,
        data: { email: 'ana@example.org', months: 3 },
      }))
      for (let left = count; left > 0; left -= jobs.length) await queue.addBulk(jobs.slice(0, left))
    },
    enqueue: (data) => queue.add(name, data),
    enqueueAll: (jobs) => queue.addBulk(jobs.map((data) => ({ name, data }))),
    work: async () => {
      worker = new Worker(name, async ({ data }) => recorder.began(data), {
        connection: connection.duplicate(),
        prefix,
        ...workerSettings,
      })
      await worker.waitUntilReady()
    },
    isDrained: async () => {
      const { waiting, active } = await queue.getJobCounts('waiting', 'active')
      return waiting + active === 0
    },
    close: async () => {
      await worker?.close()
      await queue.close()
      connection.disconnect()
    },
  }
}
