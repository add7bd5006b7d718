import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { PrismaPg } from '@prisma/adapter-pg'
import {
  InvalidRecordKeyError,
  InvalidTaskError,
  NotSerialisableError,
  sisy,
  UnknownCallableError,
} from '@sisy/core'
import { PrismaClient } from '@sisy/test-kit/prisma-client'
import pg from 'pg'
import { Billing, dailyMaintenance, openTestApp, sendEmail, type TestApp } from './test-app.js'

let app: TestApp
beforeAll(async () => {
  app = await openTestApp()
})
beforeEach(() => app.clear())
afterAll(() => app.close())

describe('runOnce', () => {
  test('enqueues a run that is due now, with every default', async () => {
    const run = await app.prisma.task.runOnce(dailyMaintenance)
    expect(await app.runs()).toMatchObject([
      {
        ...run,
        state: 'due',
        taskId: null,
        label: 'dailyMaintenance',
        callable: 'dailyMaintenance',
        modelName: null,
        modelKey: null,
        userdata: {},
        queue: 'default',
        priority: 0,
        attempt: 0,
        maxAttempts: 5,
        backoff: null,
        timeoutSeconds: null,
        uniqueKey: null,
        activeKey: null,
      },
    ])
  })

  test('takes every option, and every kind of callable', async () => {
    const sub = await app.prisma.subscription.create({ data: { id: 4 } })
    const options = {
      label: 'L',
      queue: 'q',
      priority: 2,
      maxAttempts: 1,
      backoff: { maxMs: 9 },
      timeoutSeconds: 3,
    }
    const run = await app.prisma.task.runOnce(sub.renew, {
      ...options,
      userdata: { months: 2 },
      delayUntil: '2999-01-01T00:00:00+01:00',
      uniqueKey: 'once',
    })
    await app.prisma.task.runOnce(Billing.invoiceAll)
    await app.prisma.task.runOnce('subscription.ping', { record: sub })
    expect(run).toMatchObject({ state: 'scheduled', dueAt: new Date('2998-12-31T23:00:00Z') })
    expect(await app.runs()).toMatchObject([
      {
        ...options,
        ...run,
        modelName: 'Subscription',
        modelKey: { id: 4 },
        userdata: { months: 2 },
        uniqueKey: 'once',
        activeKey: 'u:once',
      },
      { callable: 'Billing.invoiceAll' },
      { callable: 'subscription.ping', modelKey: { id: 4 } },
    ])
  })

  test('resolves to null while the unique key is active, and works again afterwards', async () => {
    const enqueue = () => app.prisma.task.runOnce(sendEmail, { userdata: { to: 'x' }, uniqueKey: 'k' })
    const first = await enqueue()
    expect(await enqueue()).toBeNull()
    await app.endRun(first!.id, 'succeeded')
    expect(await enqueue()).toMatchObject({ state: 'due' })
    expect(await app.runs()).toHaveLength(2)
  })

  test('refuses a delay that has passed, a date without a zone, and userdata JSON would change', async () => {
    const { task } = app.prisma
    await expect(task.runOnce(dailyMaintenance, { delayUntil: new Date(0) })).rejects.toThrow(
      /1970-01-01.*already/,
    )
    await expect(task.runOnce(dailyMaintenance, { delayUntil: '2999-01-01T00:00' })).rejects.toThrow(
      InvalidTaskError,
    )
    await expect(
      task.runOnce(sendEmail, { userdata: Object.assign({ to: 'x' }, { n: 5n }) }),
    ).rejects.toThrow(NotSerialisableError)
    expect(await app.runs()).toEqual([])
  })
})

test.each([
  [{ uniqueKey: 'a\0b' }, /^uniqueKey is 'a\\x00b'; give a text that is not empty, of at most 1000 bytes/],
  [{ queue: 'q'.repeat(1001) }, /^queue is /],
  [{ label: '\ud800' }, /^label is /],
  [{ userdata: null }, /^userdata is null; give an object, or leave it out\.$/],
  [{ delayUntil: new Date(8.64e15) }, /in the years 1 to 9999/],
  [null, /^The options are null; give an object, or leave them out\.$/],
  ['k', /^The options are 'k'/],
])('refuses %p, and leaves the transaction usable', async (options, message) => {
  await app.prisma.$transaction(async (tx) => {
    const refused = tx.task.runOnce(dailyMaintenance, options as object)
    await expect(refused).rejects.toThrow(InvalidTaskError)
    await expect(refused).rejects.toThrow(message)
    await tx.task.runOnce(dailyMaintenance)
  })
  expect(await app.runs()).toHaveLength(1)
})

describe('runOnceMany', () => {
  test('enqueues its items in their order', async () => {
    const items = ['a', 'b', 'c'].map((to) => ({ userdata: { to }, uniqueKey: `mail ${to}` }))
    await app.prisma.task.runOnce(sendEmail, items[1]!)
    const runs = await app.prisma.task.runOnceMany(sendEmail, items)
    expect(runs).toMatchObject([{ state: 'due' }, null, { state: 'due' }])
    const written = new Map((await app.runs()).map((run) => [run.id, run.userdata]))
    expect(runs.map((run) => run && written.get(run.id))).toEqual([{ to: 'a' }, null, { to: 'c' }])
  })

  test('splits by count and by size', async () => {
    const adapter = new PrismaPg({ connectionString: app.url })
    const base = new PrismaClient({ adapter, log: [{ emit: 'event', level: 'query' }] })
    const inserts: string[] = []
    base.$on('query', ({ query }) => query.includes('INSERT INTO') && inserts.push(query))
    const prisma = base.$extends(sisy(base, { callables: () => ({ sendEmail }) }))

    const many = Array.from({ length: 2_501 }, (_, n) => ({ userdata: { to: `${n}` } }))
    expect(await prisma.task.runOnceMany(sendEmail, many)).toHaveLength(2_501)
    expect(inserts).toHaveLength(2)
    const large = Array.from({ length: 4 }, () => ({ userdata: { to: 'x'.repeat(3 * 1024 * 1024) } }))
    expect(await prisma.task.runOnceMany(sendEmail, large)).toHaveLength(4)
    expect(inserts).toHaveLength(4)
    expect(await app.base.taskRun.count()).toBe(2_505)
    await base.$disconnect()
  })

  test('takes several statements within a transaction, and undoes them with it', async () => {
    const many = Array.from({ length: 15_001 }, (_, n) => ({ userdata: { to: `${n}` } }))
    await app.prisma.$transaction(async (tx) => {
      const runs = await tx.task.runOnceMany(sendEmail, many)
      const written = new Map((await tx.taskRun.findMany()).map(({ id, userdata }) => [id, userdata]))
      expect(runs.map(({ id }) => written.get(id))).toEqual(many.map(({ userdata }) => userdata))
    })
    const last = { userdata: { to: 'x' }, priority: -1 }
    await app.base.$executeRawUnsafe('ALTER TABLE sisy_task_run ADD CONSTRAINT refused CHECK (priority >= 0)')
    try {
      await expect(
        app.prisma.$transaction((tx) => tx.task.runOnceMany(sendEmail, [...many, last])),
      ).rejects.toThrow(/refused/)
    } finally {
      await app.base.$executeRawUnsafe('ALTER TABLE sisy_task_run DROP CONSTRAINT refused')
    }
    expect(await app.base.taskRun.count()).toBe(many.length)
  })

  test('of equal keys takes the first, in whichever statement the others are', async () => {
    // The statement that has the first inserts it last.
    const many = Array.from({ length: 2_501 }, (_, n) => ({
      userdata: { to: `${n}` },
      uniqueKey: n % 2_500 === 0 ? 'z' : `${n}`,
    }))
    const runs = await app.prisma.task.runOnceMany(sendEmail, many)
    expect(runs.map((run) => run !== null)).toEqual(many.map((_, n) => n < 2_500))
    expect(await app.base.taskRun.findFirst({ where: { uniqueKey: 'z' } })).toMatchObject({ id: runs[0]?.id })
  })

  test('wakes each queue with due runs once, and the heartbeat for future ones', async () => {
    const listening = new pg.Client({ connectionString: app.url })
    await listening.connect()
    await listening.query('LISTEN "sisy.run_task"; LISTEN "sisy.heartbeat"; LISTEN done')
    const heard: string[] = []
    const done = new Promise((resolve) => {
      listening.on('notification', ({ channel, payload }) =>
        channel === 'done' ? resolve(undefined) : heard.push(`${channel} ${payload}`),
      )
    })
    const delayUntil = new Date('2999-01-01T00:00:00Z')
    const item = { userdata: { to: 'x' } }
    const { task } = app.prisma
    await task.runOnceMany(sendEmail, [
      { ...item, queue: 'a' },
      { ...item, queue: 'b', delayUntil },
      { ...item, queue: 'a', delayUntil },
      { ...item, queue: 'c' },
      { ...item, queue: 'c' },
    ])
    await task.runOnceMany(sendEmail, [
      { ...item, queue: 'd', uniqueKey: 'd' },
      { ...item, queue: 'e', uniqueKey: 'd' },
    ])
    await task.runOnce(sendEmail, { ...item, queue: 'f' })
    await task.runOnce(sendEmail, { ...item, queue: 'g', delayUntil })
    await task.runOnce(sendEmail, { ...item, queue: 'h', uniqueKey: 'd' })
    await task.runOnce(sendEmail, { ...item, queue: 'é'.repeat(500) })
    await app.base.$executeRaw`NOTIFY done`
    await done
    await listening.end()
    expect(heard.toSorted()).toEqual(
      [
        ...['a', 'c', 'd', 'f', 'é'.repeat(500)].map((queue) => `sisy.run_task ${queue}`),
        ...['sisy.heartbeat ', 'sisy.heartbeat '],
      ].toSorted(),
    )
  })

  test('of nothing does nothing', async () => {
    expect(await app.prisma.task.runOnceMany(sendEmail, [])).toEqual([])
    expect(await app.runs()).toEqual([])
  })

  const mail = { userdata: { to: 'a' } }
  const bigUserdata = { to: 'x'.repeat(16 * 1024 ** 2) }
  test.each([
    [
      { ...mail, maxAttempts: 0 },
      InvalidTaskError,
      'maxAttempts is 0; give ',
      { field: 'maxAttempts', value: 0 },
    ],
    [
      { ...mail, uniqeKey: 'k' },
      InvalidTaskError,
      '"uniqeKey" is no option here. Did you mean "uniqueKey"?',
      {},
    ],
    [{ ...mail, uniqueKey: '' }, InvalidTaskError, "uniqueKey is ''; give ", { field: 'uniqueKey' }],
    [{ userdata: { n: 5n } }, NotSerialisableError, 'userdata.n is the BigInt 5; ', { path: 'userdata.n' }],
    [{ userdata: bigUserdata }, InvalidTaskError, 'userdata is 17 MB of JSON; ', { field: 'userdata' }],
    [{ ...mail, delayUntil: new Date(0) }, InvalidTaskError, 'delayUntil is 1970', { field: 'delayUntil' }],
    [{ ...mail, record: { id: 1 } }, InvalidTaskError, '"sendEmail" is no method of a record: ', {}],
    [null, InvalidTaskError, 'it is null; give an object of options, {} for none.', { value: null }],
    [7, InvalidTaskError, 'it is 7; give an object ', { field: 'items', value: 7 }],
    [[mail], InvalidTaskError, 'it is [ [Object] ]; give an object ', { field: 'items' }],
  ])('with the bad item %# enqueues none, and says which it is', async (bad, kind, message, facts) => {
    const refused = app.prisma.task.runOnceMany(sendEmail, [mail, mail, bad, mail] as (typeof mail)[])
    await expect(refused).rejects.toThrow(kind)
    await expect(refused).rejects.toMatchObject({
      name: kind.name,
      message: expect.stringContaining(`items[2] of runOnceMany: ${message}`),
      facts: { ...facts, item: 2 },
    })
    expect(await app.runs()).toEqual([])
  })

  test('says which item names no record', async () => {
    const ping = (...records: unknown[]) =>
      app.prisma.task.runOnceMany('subscription.ping', records.map((record) => ({ record })) as never[])
    const facts = { model: 'Subscription', item: 1 }
    await expect(ping({ id: 1 }, undefined)).rejects.toMatchObject({
      code: InvalidRecordKeyError.code,
      message: expect.stringMatching(/^items\[1\] of runOnceMany: "subscription\.ping" is a method of one /),
      facts,
    })
    await expect(ping({ id: 1 }, { id: 'x' })).rejects.toMatchObject({ facts })
    expect(await app.runs()).toEqual([])
  })

  test('says of no item what is wrong with its callable', async () => {
    const refused = app.prisma.task.runOnceMany('sendMail' as 'sendEmail', [mail])
    await expect(refused).rejects.toThrow(UnknownCallableError)
    await expect(refused).rejects.toMatchObject({ facts: expect.not.objectContaining({ item: 0 }) })
  })

  test.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [3, '3'],
    ['ab', "'ab'"],
    [mail, '{ userdata: [Object] }'],
    [new Set([mail]), 'Set(1) { [Object] }'],
  ])('refuses items that are no array: %p', async (items, told) => {
    const refused = app.prisma.task.runOnceMany(sendEmail, items as never)
    await expect(refused).rejects.toThrow(InvalidTaskError)
    await expect(refused).rejects.toMatchObject({
      message: `The items of runOnceMany are ${told}; give an array of objects, the options of one run each.`,
      facts: { field: 'items', value: items },
    })
  })

  test('refuses an empty place among its items', async () => {
    const items = [mail]
    items[2] = mail
    await expect(app.prisma.task.runOnceMany(sendEmail, items)).rejects.toThrow(
      'items[1] of runOnceMany: it is undefined; ',
    )
    expect(await app.runs()).toEqual([])
  })
})
