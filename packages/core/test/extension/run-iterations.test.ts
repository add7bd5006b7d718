import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { InvalidTaskError } from '@sisy/core'
import { dailyMaintenance, openTestApp, sendEmail, type TestApp } from './test-app.js'

let app: TestApp
beforeAll(async () => {
  app = await openTestApp()
})
beforeEach(() => app.clear())
afterAll(() => app.close())

describe('runIterations', () => {
  test('is by default one run, as soon as the heartbeat allows', async () => {
    const task = await app.prisma.task.runIterations(dailyMaintenance)
    expect(task).toMatchObject({ schedule: '* * * * * *', iterations: 1, waitForSchedule: true })
    expect(task.nextRun!.getTime() - task.createdAt.getTime()).toBeLessThanOrEqual(1000)
  })

  test('takes its own options', async () => {
    const task = await app.prisma.task.runIterations(sendEmail, {
      iterations: 10,
      schedule: '0 7-19 * * *',
      runImmediately: true,
      delayUntil: '2040-05-05T05:05:05Z',
      userdata: { to: 'x' },
    })
    expect(task).toMatchObject({
      iterations: 10,
      schedule: '0 7-19 * * *',
      waitForSchedule: false,
      startRunning: new Date('2040-05-05T05:05:05Z'),
      nextRun: new Date('2040-05-05T05:05:05Z'),
    })
  })

  test('refuses no iterations, and a delay that has passed', async () => {
    await expect(app.prisma.task.runIterations(dailyMaintenance, { iterations: 0 })).rejects.toThrow(
      InvalidTaskError,
    )
    await expect(
      app.prisma.task.runIterations(dailyMaintenance, { delayUntil: '2020-01-01T00:00:00Z' }),
    ).rejects.toThrow(/delayUntil is 2020-01-01/)
    expect(await app.tasks()).toEqual([])
  })
})
