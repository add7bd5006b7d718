import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { dailyMaintenance, openTestApp, type TestApp } from './test-app.js'

let app: TestApp
beforeAll(async () => {
  app = await openTestApp()
})
beforeEach(() => app.clear())
afterAll(() => app.close())

describe('withCallable', () => {
  test('gives the data of a row and writes nothing', async () => {
    const sub = await app.prisma.subscription.create({ data: {} })
    expect(app.prisma.task.withCallable(sub.renew, { userdata: { months: 1 }, priority: 2 })).toEqual({
      label: 'subscription.renew',
      callable: 'subscription.renew',
      modelName: 'Subscription',
      modelKey: { id: sub.id },
      userdata: { months: 1 },
      schedule: '* * * * *',
      timezone: 'UTC',
      priority: 2,
    })
    expect(await app.tasks()).toEqual([])
  })

  test('serves create, createMany and $transaction([…])', async () => {
    const sub = await app.prisma.subscription.create({ data: {} })
    const { task } = app.prisma
    await task.create({
      data: task.withCallable(sub.renew, { userdata: { months: 1 }, startRunning: '2030-01-01T00:00:00Z' }),
    })
    await task.createMany({
      data: [task.withCallable(dailyMaintenance), task.withCallable('sendEmail', { userdata: { to: 'x' } })],
    })
    await app.prisma.$transaction([
      task.create({ data: task.withCallable(sub.ping, { backoff: { factor: 3 } }) }),
    ])
    expect(await app.tasks()).toMatchObject([
      { callable: 'subscription.renew', startRunning: new Date('2030-01-01T00:00:00Z'), nextRun: null },
      { callable: 'dailyMaintenance' },
      { callable: 'sendEmail', userdata: { to: 'x' } },
      { callable: 'subscription.ping', modelKey: { id: sub.id }, backoff: { factor: 3 } },
    ])
  })
})
