import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { PrismaPg } from '@prisma/adapter-pg'
import { sisy } from '@sisy/core'
import { createScratchDatabase, type ScratchDatabase } from '@sisy/test-kit'
import { PrismaClient } from '@sisy/test-kit/prisma-client'
import pg from 'pg'

const work = () => 'done'

describe('runs that several callers enqueue at a time', () => {
  let database: ScratchDatabase
  let close: () => Promise<unknown>
  let prisma: ReturnType<typeof open>['prisma']
  const inserts: string[] = []

  function open(url: string) {
    const adapter = new PrismaPg({ connectionString: url })
    const base = new PrismaClient({ adapter, log: [{ emit: 'event', level: 'query' }] })
    base.$on('query', ({ query }) => {
      if (query.includes('INSERT INTO')) inserts.push(query)
    })
    return { base, prisma: base.$extends(sisy(base, { callables: () => ({ work }) })) }
  }

  beforeAll(async () => {
    database = await createScratchDatabase()
    const opened = open(database.url)
    prisma = opened.prisma
    close = () => opened.base.$disconnect()
    await prisma.$executeRaw`ALTER TABLE sisy_task_run ADD CONSTRAINT polite CHECK (label <> 'rude')`
  })
  beforeEach(async () => {
    await prisma.$executeRaw`TRUNCATE sisy_task_run`
    inserts.length = 0
  })
  afterAll(async () => {
    await close()
    await database.drop()
  })

  test('go by few statements, and each caller gets its own', async () => {
    const enqueued = await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        prisma.task.runOnce(work, { label: `run ${n}`, userdata: { n }, queue: `queue ${n % 3}` }),
      ),
    )
    const rows = await prisma.taskRun.findMany()
    expect(rows).toHaveLength(100)
    for (const [n, run] of enqueued.entries()) {
      expect(rows.find(({ id }) => id === run.id)).toMatchObject({
        ...run,
        label: `run ${n}`,
        userdata: { n },
        queue: `queue ${n % 3}`,
      })
    }
    // Two that nobody waited for, and the rest together.
    expect(inserts).toHaveLength(3)
  })

  test('go by themselves one after the other, and inside a transaction', async () => {
    for (let n = 0; n < 3; n += 1) await prisma.task.runOnce(work)
    expect(inserts).toHaveLength(3)
    await prisma.$transaction(async (tx) => {
      await Promise.all([tx.task.runOnce(work), tx.task.runOnce(work), tx.task.runOnce(work)])
      expect(inserts).toHaveLength(6)
      expect(await prisma.taskRun.count()).toBe(3)
    })
  })

  test('are refused by themselves', async () => {
    const labels = ['a', 'b', 'c', 'rude', 'd', 'rude', 'e']
    const settled = await Promise.allSettled(labels.map((label) => prisma.task.runOnce(work, { label })))
    expect(settled.map(({ status }, n) => [labels[n], status])).toEqual(
      labels.map((label) => [label, label === 'rude' ? 'rejected' : 'fulfilled']),
    )
    const rows = await prisma.taskRun.findMany({ orderBy: { label: 'asc' } })
    expect(rows.map(({ label }) => label)).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  test('fail together when their statement does, and those that follow do not', async () => {
    await prisma.$executeRaw`ALTER TABLE sisy_task_run RENAME TO elsewhere`
    const settled = await Promise.allSettled(Array.from({ length: 6 }, () => prisma.task.runOnce(work)))
    expect(settled.map(({ status }) => status)).toEqual(Array(6).fill('rejected'))
    await prisma.$executeRaw`ALTER TABLE elsewhere RENAME TO sisy_task_run`
    await prisma.task.runOnce(work)
    expect(await prisma.taskRun.count()).toBe(1)
  })

  test('with a unique key wait for nobody but themselves', async () => {
    const admin = new pg.Client({ connectionString: database.url })
    await admin.connect()
    await admin.query('BEGIN')
    await admin.query(
      `INSERT INTO sisy_task_run (label, callable, "activeKey") VALUES ('work', 'work', 'u:mine')`,
    )
    const keyed = [
      prisma.task.runOnce(work, { uniqueKey: 'mine' }),
      prisma.task.runOnce(work, { uniqueKey: 'mine' }),
    ]
    await Promise.all(Array.from({ length: 10 }, () => prisma.task.runOnce(work)))
    await admin.query('COMMIT')
    await admin.end()
    expect(await Promise.all(keyed)).toEqual([null, null])
    expect(await prisma.taskRun.count()).toBe(11)
  })
})
