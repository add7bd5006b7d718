// The app that is measured: a Prisma client with the plugin, and one callable.
import { PrismaPg } from '@prisma/adapter-pg'
import { createHash } from 'node:crypto'
import { sisy } from '../../../packages/core/dist/index.js'
import { PrismaClient } from '../../../packages/test-kit/generated/prisma-client-js/index.js'

/** @typedef {import('../contenders/contender.js').JobData} JobData */
/** @typedef {import('../../../packages/core/dist/index.js').TaskContext<JobData>} Context */

/**
 * @param {object} options
 * @param {string} options.url
 * @param {(job: JobData) => void} options.onJob is told of each job that begins
 * @param {'named' | 'unnamed'} [options.statements] whether PostgreSQL keeps the plans of statements; by default it does not
 */
export function openClient({ url, onJob, statements = 'unnamed' }) {
  const statementNameGenerator = statements === 'named' ? nameOf : undefined
  const adapter = new PrismaPg(
    { connectionString: url },
    statementNameGenerator && { statementNameGenerator },
  )
  const base = new PrismaClient({ adapter })
  const callables = {
    /** @param {Context} context */
    noOp: ({ task }) => onJob(task.userdata),
  }
  return { base, callables, prisma: base.$extends(sisy(base, { callables: () => callables })) }
}

/**
 * How the app enqueues jobs: one by one, and many by one call.
 *
 * @param {Pick<ReturnType<typeof openClient>, 'prisma' | 'callables'>} client
 */
export function enqueuing({ prisma, callables: { noOp } }) {
  return {
    /** @param {JobData} userdata */
    enqueue: (userdata) => prisma.task.runOnce(noOp, { userdata }),
    /** @param {readonly JobData[]} jobs */
    enqueueAll: (jobs) =>
      prisma.task.runOnceMany(
        noOp,
        jobs.map((userdata) => ({ userdata })),
      ),
  }
}

/** @param {{ readonly sql: string }} query */
function nameOf({ sql }) {
  return createHash('sha256').update(sql).digest('hex').slice(0, 32)
}
