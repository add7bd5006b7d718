import { expect, test } from '@jest/globals'
import { sisy, type TaskContext } from '@sisy/core'
import { systemClock } from '@sisy/core/internal'
import { recordedLog, settableClock } from '@sisy/test-kit'
import { createWorker } from '@sisy/worker'
import { esmTypeScript, openBinApp } from './bin-app.js'

test('what a killed worker was running is completed by another when its lease is over', async () => {
  const files = esmTypeScript(`{
    import: async ({ task }: TaskContext<{ row: number }>) => {
      task.userdata.row = 500
      await task.save()
      console.log('import began')
      await new Promise(() => setInterval(() => {}, 1000))
    },
  }`)
  await using app = await openBinApp({ files })
  const { base } = app
  const prisma = base.$extends(
    sisy(base, {
      callables: () => ({ import: ({ task }: TaskContext<{ row: number }>) => task.userdata.row }),
    }),
  )
  const { id } = await prisma.task.runOnce('import', { userdata: { row: 0 } })
  const killed = app.start('sisy-worker')
  await killed.line('import began')
  killed.child.kill('SIGKILL')
  await killed.ended

  const clock = settableClock(systemClock.now())
  const log = recordedLog()
  const worker = createWorker({ prisma, clock, logger: log.logger })
  await worker.drain()
  expect(await base.taskRun.findUnique({ where: { id } })).toMatchObject({ state: 'running', attempt: 1 })
  clock.advance(61_000)
  await worker.drain()
  expect(await base.taskRun.findUnique({ where: { id } })).toMatchObject({
    state: 'succeeded',
    attempt: 2,
    result: 500,
    attempts: [{ attempt: 1, cause: 'lost' }],
  })
  await worker.stop()
})
