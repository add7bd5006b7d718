import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { PrismaPg } from '@prisma/adapter-pg'
import { InvalidTaskError, NotSerialisableError, plain, sisy } from '@sisy/core'
import { PrismaClient as PrismaClientJs } from '@sisy/test-kit/prisma-client-js'
import { openTestApp, type TestApp } from './test-app.js'

let app: TestApp
beforeAll(async () => {
  app = await openTestApp()
})
beforeEach(async () => {
  await app.clear()
  app.calls.length = 0
})
afterAll(() => app.close())

describe('a bound method', () => {
  test('runs here and now, with the record as `this` and a context made for it', async () => {
    const sub = await app.prisma.subscription.create({ data: { months: 2, plan: 'gold' } })
    expect(await sub.renew({ months: 3 })).toBe(5)
    const { record, context } = app.calls[0]!
    expect({ ...record }).toEqual({ id: sub.id, plan: 'gold', months: 2, renewedAt: null })
    expect(context.task).toMatchObject({
      id: null,
      key: null,
      callable: 'subscription.renew',
      userdata: { months: 3 },
    })
    expect(context.message).toMatchObject({ runId: null, attempt: 1, maxAttempts: 1, uniqueKey: null })
    expect(context.signal.aborted).toBe(false)
    context.task.userdata.note = 'kept'
    await context.task.save()
    Object.assign(context.task.userdata, { bad: undefined })
    await expect(context.task.save()).rejects.toThrow(NotSerialisableError)
  })

  test('completes nothing when it runs here and now, but checks what it was given', async () => {
    const sub = await app.prisma.subscription.create({ data: {} })
    await sub.renew({ months: 1 })
    const { message } = app.calls[0]!.context
    await app.prisma.$transaction(async (tx) => {
      await message.complete(tx, { at: new Date() })
      await expect(message.complete(tx, 'a\0b')).rejects.toThrow(NotSerialisableError)
    })
    // @ts-expect-error -- the client itself rolls nothing back.
    await expect(message.complete(app.prisma)).rejects.toThrow(InvalidTaskError)
    expect(await app.runs()).toEqual([])
  })

  test('refuses userdata that JSON would change', async () => {
    const sub = await app.prisma.subscription.create({ data: {} })
    await expect(sub.renew(Object.assign({ months: 1 }, { at: new Date() }))).rejects.toThrow(
      /userdata\.at is a Date/,
    )
  })

  test('has its siblings, which are not enumerable', async () => {
    const sub = await app.prisma.subscription.create({ data: {} })
    await sub.renew({ months: 1 })
    const record = app.calls[0]!.record as typeof sub
    expect(await record.ping()).toBe(`pong from ${sub.id}`)
    expect(Object.keys(record)).not.toContain('ping')
    await app.prisma.task.schedule(record.ping)
    expect(await app.tasks()).toMatchObject([{ callable: 'subscription.ping', modelKey: { id: sub.id } }])
  })

  test('keeps its record when it is taken off the row', async () => {
    const sub = await app.prisma.subscription.create({ data: {} })
    const { ping } = sub
    expect(await ping()).toBe(`pong from ${sub.id}`)
    expect(sub.ping).toBe(ping)
    await app.prisma.task.runOnce(ping)
    expect(await app.runs()).toMatchObject([{ modelKey: { id: sub.id } }])
  })

  test('comes with whole rows and included ones, and with a select that names it', async () => {
    const sub = await app.prisma.subscription.create({ data: { notes: { create: { text: 'n' } } } })
    const note = await app.prisma.note.findFirstOrThrow({ include: { subscription: true } })
    expect(await note.subscription.ping()).toBe(`pong from ${sub.id}`)
    const named = await app.prisma.subscription.findFirstOrThrow({ select: { plan: true, ping: true } })
    expect(Object.keys(named).sort()).toEqual(['ping', 'plan'])
    expect(await named.ping()).toBe(`pong from ${sub.id}`)
    expect(await app.prisma.subscription.findFirstOrThrow({ select: { id: true } })).toEqual({ id: sub.id })
  })
})

describe('plain', () => {
  test('strips rows and included rows, and copies the rest as it is', async () => {
    const renewedAt = new Date()
    const sub = await app.prisma.subscription.create({
      data: { renewedAt, notes: { create: { text: 'n' } } },
    })
    expect(plain(sub)).toEqual({ id: sub.id, plan: 'basic', months: 0, renewedAt })
    const notes = plain(await app.prisma.note.findMany({ include: { subscription: true } }))
    expect(structuredClone(notes)).toEqual([
      {
        id: 1,
        text: 'n',
        subscriptionId: sub.id,
        subscription: { id: sub.id, plan: 'basic', months: 0, renewedAt },
      },
    ])
    await app.prisma.subscription.create({ data: { ...plain(sub), id: 99 } })
    await expect(app.prisma.subscription.create({ data: { ...sub, id: 98 } })).rejects.toThrow()
  })

  test('leaves what is no row alone', () => {
    expect([plain(null), plain(5), plain('x')]).toEqual([null, 5, 'x'])
    const bytes = new Uint8Array([1])
    expect(plain({ bytes }).bytes).toBe(bytes)
  })
})

test('bindRows: false leaves rows alone, and tasks are made by path and record', async () => {
  const prisma = app.base.$extends(
    sisy(app.base, { methods: { subscription: { renew: async () => 1 } }, bindRows: false }),
  )
  const sub = await prisma.subscription.create({ data: {} })
  expect(Object.keys(sub)).not.toContain('renew')
  await prisma.task.schedule('subscription.renew', { record: sub })
  expect(await app.tasks()).toMatchObject([{ modelKey: { id: sub.id } }])
})

test('rows of the generator prisma-client-js are bound too', async () => {
  const base = new PrismaClientJs({ adapter: new PrismaPg({ connectionString: app.url }) })
  const prisma = base.$extends(
    sisy(base, {
      methods: {
        subscription: {
          async plus() {
            return this.months + 1
          },
        },
      },
    }),
  )
  const sub = await prisma.subscription.create({ data: { months: 4 } })
  expect(await sub.plus()).toBe(5)
  await prisma.$transaction(async (tx) => tx.task.schedule(sub.plus))
  expect(await app.tasks()).toMatchObject([{ callable: 'subscription.plus', modelKey: { id: sub.id } }])
  await base.$disconnect()
})
