// Sisy as an app uses it.
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { defaultChannels, openStore } from '../../../packages/core/dist/internal.js'
import { createWorker } from '../../../packages/worker/dist/index.js'
import { enqueuing, openClient } from './app.mjs'
import { ourTables } from './our-tables.mjs'

const config = fileURLToPath(new URL('sisy.config.mjs', import.meta.url))
/** How often runs in child processes are counted, milliseconds. */
const countEveryMs = 10

/** @type {import('../contenders/contender.js').OpenQueue} */
export function open({ url, settings, recorder }) {
  const { worker: workerSettings, statements, ...others } = settings
  const { prisma, base, callables } = openClient({
    url,
    onJob: recorder.began,
    statements: statements === 'named' ? 'named' : 'unnamed',
  })
  const { pool, ...tables } = ourTables(url, 'noOp')
  /** @type {import('../../../packages/worker/dist/index.js').Worker | undefined} */
  let worker
  /** @type {NodeJS.Timeout | undefined} */
  let counting
  return {
    ...tables,
    ...enqueuing({ prisma, callables }),
    work: async () => {
      const inline = isInline(workerSettings)
      worker = createWorker({ prisma, ...(!inline && { config }), worker: workerSettings ?? {}, ...others })
      if (!inline) counting = setInterval(count, countEveryMs, worker)
      await worker.start()
    },
    claim: (limit) => {
      const store = openStore({
        client: base,
        provider: 'postgresql',
        schema: undefined,
        channels: defaultChannels,
      })
      const [leaseToken, workerId] = [randomUUID(), randomUUID()]
      const request = { queue: 'default', callables: ['noOp'], limit, leaseToken, leaseMs: 60_000, workerId }
      return store.claimRuns(new Date(), request)
    },
    close: async () => {
      clearInterval(counting)
      await worker?.stop()
      await base.$disconnect()
      await tables.close()
    },
  }

  /** @param {import('../../../packages/worker/dist/index.js').Worker} of */
  function count(of) {
    const { runs } = of.figures()
    recorder.beganMany((runs['ok'] ?? 0) - recorder.progress().count)
  }
}

/** @param {unknown} settings */
function isInline(settings) {
  return typeof settings === 'object' && settings !== null && 'inline' in settings && settings.inline === true
}
