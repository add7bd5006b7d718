import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import {
  InvalidRecordKeyError,
  InvalidScheduleError,
  InvalidTaskError,
  InvalidTimezoneError,
  NotSerialisableError,
  UnknownCallableError,
} from '@sisy/core'
import { Prisma } from '@sisy/test-kit/prisma-client'
import { dailyMaintenance, openTestApp, type TestApp } from './test-app.js'

let app: TestApp
beforeAll(async () => {
  app = await openTestApp()
})
beforeEach(() => app.clear())
afterAll(() => app.close())

const absent: object = { schedule: undefined }
const good = { label: 'x', callable: 'dailyMaintenance' }

const badFields: [what: string, data: object, error: abstract new (...args: never[]) => Error][] = [
  ['schedule', { schedule: '* * *' }, InvalidScheduleError],
  ['schedule within set', { schedule: { set: 'nope' } }, InvalidScheduleError],
  ['time zone', { timezone: 'Mars/Base' }, InvalidTimezoneError],
  ['iterations', { iterations: -1 }, InvalidTaskError],
  [
    'endRunning before startRunning',
    { startRunning: '2031-01-01T00:00:00Z', endRunning: new Date('2030-01-01') },
    InvalidTaskError,
  ],
  ['userdata', { userdata: { n: [1n] } }, NotSerialisableError],
  ['callable', { callable: 'dailyMaintenanc' }, UnknownCallableError],
  ['maxAttempts', { maxAttempts: { set: 0 } }, InvalidTaskError],
  ['record key', { callable: 'subscription.renew', modelKey: { id: 'one' } }, InvalidRecordKeyError],
]

test.each(badFields)('a bad %s is refused by create and update', async (_what, bad, error) => {
  const { id } = await app.prisma.task.schedule(dailyMaintenance)
  const before = await app.tasks()
  await expect(app.prisma.task.create({ data: { ...good, ...bad } })).rejects.toThrow(error)
  await expect(app.prisma.task.update({ where: { id }, data: bad })).rejects.toThrow(error)
  expect(await app.tasks()).toEqual(before)
})

const where = { key: 'k' }
const bad = { schedule: '* * *' }
const data = { ...good, ...bad }
const writes: [name: string, write: () => PromiseLike<unknown>][] = [
  ['createMany', () => app.prisma.task.createMany({ data: [good, data] })],
  ['createMany of one', () => app.prisma.task.createMany({ data })],
  ['createManyAndReturn', () => app.prisma.task.createManyAndReturn({ data: [data] })],
  ['updateMany', () => app.prisma.task.updateMany({ where, data: bad })],
  ['updateManyAndReturn', () => app.prisma.task.updateManyAndReturn({ where, data: bad })],
  ['upsert, creating', () => app.prisma.task.upsert({ where, create: data, update: {} })],
  ['upsert, updating', () => app.prisma.task.upsert({ where, create: good, update: bad })],
  [
    '$transaction([…])',
    () => app.prisma.$transaction([app.prisma.task.create({ data: good }), app.prisma.task.create({ data })]),
  ],
  ['$transaction(async …)', () => app.prisma.$transaction(async (tx) => tx.task.create({ data }))],
]
test.each(writes)('bad data is refused by %s', async (_name, write) => {
  await app.prisma.task.schedule(dailyMaintenance, { key: 'k' })
  const before = await app.tasks()
  await expect(write()).rejects.toThrow(InvalidScheduleError)
  expect(await app.tasks()).toEqual(before)
})

describe('create', () => {
  test('refuses a method without its record', async () => {
    const create = app.prisma.task.create({ data: { label: 'x', callable: 'subscription.renew' } })
    await expect(create).rejects.toThrow(/method of one Subscription record, but the data has no modelKey/)
  })

  test('fills the model name in, and leaves the rest to the columns and the heartbeat', async () => {
    const data = { label: 'x', callable: 'subscription.renew', modelKey: { id: 1 } }
    expect(await app.prisma.task.create({ data })).toMatchObject({
      modelName: 'Subscription',
      schedule: '* * * * *',
      nextRun: null,
      endedAt: null,
    })
  })

  test("takes Prisma's nulls, and undefined members", async () => {
    const data = {
      ...good,
      userdata: Prisma.JsonNull,
      modelKey: Prisma.DbNull,
      backoff: Prisma.DbNull,
      ...absent,
    }
    expect(await app.prisma.task.create({ data })).toMatchObject({ userdata: null, modelKey: null })
  })
})

describe('an update', () => {
  const changes: [field: string, data: object][] = [
    ['schedule', { schedule: '0 0 * * *' }],
    ['schedule within set', { schedule: { set: '0 0 * * *' } }],
    ['timezone', { timezone: 'Europe/Madrid' }],
    ['enabled', { enabled: true }],
    ['startRunning', { startRunning: null }],
    ['endRunning', { endRunning: new Date('2040-01-01') }],
    ['waitForSchedule', { waitForSchedule: false }],
    ['iterations', { iterations: { increment: 1 } }],
  ]
  const ended = { nextRun: null, endedAt: new Date(), problem: 'some' }

  test.each(changes)('of %s is planned anew', async (_field, data) => {
    const { id, nextRun } = await app.prisma.task.schedule(dailyMaintenance)
    expect(nextRun).not.toBeNull()
    await app.base.task.update({ where: { id }, data: { endedAt: ended.endedAt, problem: 'some' } })
    expect(await app.prisma.task.update({ where: { id }, data })).toMatchObject({
      nextRun: null,
      endedAt: null,
      problem: null,
    })

    await app.base.task.update({ where: { id }, data: ended })
    await app.prisma.task.updateMany({ data })
    expect(await app.tasks()).toMatchObject([{ endedAt: null, problem: null }])

    await app.base.task.update({ where: { id }, data: ended })
    await app.prisma.task.upsert({ where: { id }, create: good, update: data })
    expect(await app.tasks()).toMatchObject([{ endedAt: null, problem: null }])
  })

  test('of anything else keeps the plan', async () => {
    const { id, nextRun } = await app.prisma.task.schedule(dailyMaintenance)
    expect(await app.prisma.task.update({ where: { id }, data: { priority: 3, ...absent } })).toMatchObject({
      nextRun,
    })
  })

  test('that gives nextRun itself keeps that', async () => {
    const { id } = await app.prisma.task.schedule(dailyMaintenance)
    const nextRun = new Date('2040-01-01T00:00:00Z')
    expect(
      await app.prisma.task.update({ where: { id }, data: { schedule: '0 0 * * *', nextRun } }),
    ).toMatchObject({ nextRun })
  })
})
