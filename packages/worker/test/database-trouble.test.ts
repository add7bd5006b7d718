import { describe, expect, test } from '@jest/globals'
import { PrismaPg } from '@prisma/adapter-pg'
import { sisy, type TaskContext } from '@sisy/core'
import { systemClock } from '@sisy/core/internal'
import { startDatabaseProxy } from '@sisy/test-kit'
import { PrismaClient } from '@sisy/test-kit/prisma-client'
import pg from 'pg'
import { gate, openTestApp, until } from './test-app.js'

/** A statement may take a second, and a lease is renewed every two. */
const impatient = { leaseSeconds: 6, pollSeconds: 0.2 }

/** An app, and a worker of it that reaches the database through a network which can be broken. */
async function openWorkerBehindProxy(work: (context: TaskContext) => unknown, connections = 10) {
  const callables = { work }
  const app = await openTestApp(callables)
  const proxy = await startDatabaseProxy(app.url)
  const base = new PrismaClient({ adapter: new PrismaPg({ connectionString: proxy.url, max: connections }) })
  const prisma = base.$extends(sisy(base, { callables: () => callables }))
  const worker = app.worker({ prisma, clock: systemClock, listen: false, worker: impatient })
  await worker.start()
  const told = (text: string) => app.log.messages.filter((message) => message.includes(text))
  return {
    ...app,
    proxy,
    /** The worker's own client, whose connections go through the proxy. */
    behind: base,
    /** Lines of the log that hold this. */
    told,
    /** Resolves when the log holds such a line. */
    hears: (text: string) =>
      until(async () => {
        await app.base.$queryRaw`SELECT 1`
        return told(text).length > 0
      }),
    async [Symbol.asyncDispose]() {
      await worker.stopNow()
      await base.$disconnect()
      proxy.close()
      await app[Symbol.asyncDispose]()
    },
  }
}

/** What a run must be that trouble did neither lose nor double. */
const once = { state: 'succeeded', attempt: 1, attempts: null, result: 'done' }

describe('a worker whose connections are half-open', () => {
  test('claims over new ones, and tells of it once', async () => {
    await using app = await openWorkerBehindProxy(() => 'done')
    app.proxy.forget()
    // Whichever statement finds it out first spares the others.
    await app.hears('fails and will be tried again: The database did not answer within 1 s.')
    const { id } = await app.prisma.task.runOnce('work')
    await until(async () => (await app.run(id)).finishedAt !== null)
    expect(await app.run(id)).toMatchObject(once)
    const troubles = app.told('fails and will be tried again')
    expect(new Set(troubles).size).toBe(troubles.length)
  })

  test('renews its leases over new ones', async () => {
    const letGo = gate()
    const began = gate()
    let signal: AbortSignal | undefined
    await using app = await openWorkerBehindProxy(async (context) => {
      signal = context.signal
      began.open()
      await letGo.opened
      return 'done'
    })
    const { id } = await app.prisma.task.runOnce('work')
    await began.opened
    app.proxy.forget()
    const forgottenAt = systemClock.now().getTime()
    // A renewal sent later than that moves the end of the lease beyond this.
    await until(async () => Number((await app.run(id)).leaseUntil) > forgottenAt + 7_000)
    letGo.open()
    await until(async () => (await app.run(id)).finishedAt !== null)
    expect(await app.run(id)).toMatchObject(once)
    expect(signal?.aborted).toBe(false)
  })

  test('writes the end of a run over new ones', async () => {
    await using app = await openWorkerBehindProxy(() => {
      app.proxy.forget()
      return 'done'
    })
    const { id } = await app.prisma.task.runOnce('work')
    await until(async () => (await app.run(id)).finishedAt !== null)
    expect(await app.run(id)).toMatchObject(once)
  })
})

test('a worker whose sessions are ended by the server goes on', async () => {
  await using app = await openWorkerBehindProxy(async () => {
    await app.base.$executeRaw`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'sisy-worker'`
    return 'done'
  })
  const runs = await app.prisma.task.runOnceMany(
    'work',
    Array.from({ length: 20 }, () => ({})),
  )
  await until(async () => (await app.base.taskRun.count({ where: { finishedAt: null } })) === 0)
  for (const run of runs) expect(await app.run(run.id)).toMatchObject(once)
})

test('a worker goes on when a server that accepted no connections does again', async () => {
  await using app = await openWorkerBehindProxy(() => 'done')
  app.proxy.cut()
  await app.hears('Claiming runs fails')
  const { id } = await app.prisma.task.runOnce('work')
  await app.proxy.heal()
  await until(async () => (await app.run(id)).finishedAt !== null)
  expect(await app.run(id)).toMatchObject(once)
  expect(app.told('Claiming runs fails')).toHaveLength(1)
})

test('a worker whose user code holds every connection of the app renews its leases', async () => {
  const allBegan = gate()
  let began = 0
  await using app = await openWorkerBehindProxy(async () => {
    began += 1
    if (began === 4) allBegan.open()
    await app.behind.$queryRaw`SELECT pg_advisory_xact_lock_shared(1)::text`
    return 'done'
  }, 2)
  const holder = new pg.Client({ connectionString: app.url })
  await holder.connect()
  await holder.query('SELECT pg_advisory_lock(1)')
  const runs = await app.prisma.task.runOnceMany('work', [{}, {}, {}, {}])
  await allBegan.opened
  const heldSince = systemClock.now().getTime()
  const leaseEnds = async () =>
    (await app.base.taskRun.findMany()).map(({ leaseUntil }) => Number(leaseUntil))
  await until(async () => (await leaseEnds()).every((end) => end > heldSince + 8_000))
  await holder.end()
  await until(async () => (await app.base.taskRun.count({ where: { finishedAt: null } })) === 0)
  for (const run of runs) expect(await app.run(run.id)).toMatchObject(once)
})
