import { afterEach, expect, test } from '@jest/globals'
import { Discard, Snooze, type TaskContext } from '@sisy/core'
import { createHeartbeat } from '@sisy/heartbeat'
import { recordedLog } from '@sisy/test-kit'
import { createWorker } from '@sisy/worker'
import { testApp } from './test-app.js'

test('smoke', async () => {
  const app = await testApp({ hello: ({ task }: TaskContext<{ name: string }>) => `hello ${task.userdata.name}` })
  const log = recordedLog()
  const worker = createWorker({ prisma: app.prisma, logger: log.logger })
  await worker.start()
  const run = await app.prisma.task.runOnce('hello', { userdata: { name: 'x' } })
  const t0 = Date.now()
  expect(await app.prisma.task.result(run!)).toBe('hello x')
  console.log(Date.now() - t0)
  const sub = await app.prisma.subscription.create({ data: {} })
  await app.prisma.task.schedule(sub.renew, { schedule: '* * * * *', waitForSchedule: false })
  const hb = createHeartbeat({ prisma: app.prisma, logger: log.logger })
  const rep = await hb.tick()
  console.log(rep, log.messages)
  await worker.stop()
  await hb.stop()
  console.log(log.messages, await app.prisma.taskRun.findMany(), await app.prisma.subscription.findMany({ select: { months: true } }))
  await app.close()
})
