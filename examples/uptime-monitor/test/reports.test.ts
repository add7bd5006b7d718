import { afterAll, expect, test } from '@jest/globals'
import { openApp } from './open-app.js'

const { prisma, targets, worker, close } = await openApp()
const { watchSite } = await import('../src/watch-site.js')
const { default: config } = await import('../sisy.config.js')

afterAll(close)

test('the daily report sums up the day, and is replaced when it is made again', async () => {
  for (const name of ['fast', 'down'] as const) {
    const data = { name, url: targets.urls[name], schedule: '0 0 1 1 *' }
    const { id } = await watchSite(prisma, data)
    await (await prisma.site.findUniqueOrThrow({ where: { id } })).check()
  }
  const [ensured] = config.tasks ?? []
  await prisma.task.schedule('Reports.daily', { key: ensured!.key, schedule: '0 6 * * *' })
  for (let time = 1; time <= 2; time++) {
    const run = await prisma.task.runNow({ key: 'daily-report' })
    await worker.drain()
    expect(await prisma.task.result(run)).toMatchObject({ checks: 2, failed: 1 })
  }
  expect(await prisma.report.findMany()).toEqual([expect.objectContaining({ checks: 2, failed: 1 })])
})
