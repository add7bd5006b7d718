// A process of a contender: does what the benchmark asks by messages, one after the other.
import process from 'node:process'
import { createRecorder, machineTime } from './recorder.mjs'

const [module = '', settings = '{}'] = process.argv.slice(2)
const recorder = createRecorder()
/** @type {{ open: import('../contenders/contender.js').OpenQueue }} */
const { open } = await import(module)
const url = process.env['BENCH_URL'] ?? ''
const queue = open({ url, settings: JSON.parse(settings), recorder })

/** @type {import('../contenders/contender.js').JobData} */
const data = { email: 'ana@example.org', months: 3 }

/** @type {import('./program-actions.js').ProgramActions} */
const actions = {
  setUp: () => queue.setUp(),
  clear: () => queue.clear(),
  fill: (count) => queue.fill(count),
  work: () => queue.work(),
  isDrained: () => queue.isDrained(),
  close: () => queue.close(),
  enqueueOneByOne: async ({ count, atOnce }) => {
    let left = count
    const startedAt = machineTime()
    const enqueueInTurn = async () => {
      while (left-- > 0) await queue.enqueue(data)
    }
    await Promise.all(Array.from({ length: atOnce }, enqueueInTurn))
    return machineTime() - startedAt
  },
  enqueueInBulk: async (count) => {
    const jobs = Array.from({ length: count }, () => data)
    const startedAt = machineTime()
    await queue.enqueueAll(jobs)
    return machineTime() - startedAt
  },
  enqueueTimed: async () => {
    await queue.enqueue({ ...data, sentAt: machineTime() })
  },
  tick: async () => {
    const startedAt = machineTime()
    const { stamped = 0, pruned = 0 } = (await queue.tick?.()) ?? {}
    return { stamped, pruned, ms: machineTime() - startedAt }
  },
  claim: async (limit) => {
    const startedAt = machineTime()
    await queue.claim?.(limit)
    return machineTime() - startedAt
  },
  progress: async () => recorder.progress(),
  latencies: async () => recorder.latencies(),
}

process.on(
  'message',
  async (/** @type {{ id: number, action: keyof typeof actions, arg: never }} */ message) => {
    const { id, action, arg } = message
    try {
      process.send?.({ id, value: await actions[action](arg) })
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
  },
)
process.once('disconnect', () => process.exit())
process.send?.({ id: 'ready' })
