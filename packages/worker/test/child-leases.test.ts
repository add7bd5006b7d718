import { expect, test } from '@jest/globals'
import { enqueue, hasEnded, openChildApp, pidIn, runOf } from './child-app.js'
import { gone, isAlive } from './subprocess/processes.js'
import { until } from './test-app.js'

test('a blocked run keeps its lease, and is ended when somebody cancels it', async () => {
  await using app = await openChildApp(`worker: { processes: 1, leaseSeconds: 5, graceSeconds: 0.1 }`)
  const worker = app.start('sisy-worker')
  const blocked = worker.line('has been blocked for')
  const { id } = await enqueue(app, 'spins')
  await blocked
  const { leaseUntil } = await runOf(app, id)
  await until(async () => (await runOf(app, id)).leaseUntil!.getTime() > leaseUntil!.getTime())
  expect(await runOf(app, id)).toMatchObject({ state: 'running', attempt: 1 })
  await app.base.$executeRaw`UPDATE sisy_task_run SET "cancelRequestedAt" = now()`
  await app.base.$executeRaw`SELECT pg_notify('sisy.kill_task', ${id})`
  await hasEnded(app, id)
  expect(await runOf(app, id)).toMatchObject({ state: 'cancelled', attempts: [{ cause: 'cancelled' }] })
  worker.child.kill('SIGTERM')
  expect(await worker.ended).toMatchObject({ code: 0 })
})

test('a run whose lease cannot be renewed is ended with its process, though its grace is longer, and nothing is written', async () => {
  await using app = await openChildApp(
    `worker: { processes: 1, leaseSeconds: 5, graceSeconds: 60, drainSeconds: 0 }`,
  )
  const worker = app.start('sisy-worker')
  const hanging = pidIn(worker, 'hangs in')
  const { id } = await enqueue(app, 'hangs')
  const pid = await hanging
  const lost = worker.line(`hangs (run ${id}, attempt 1 of 5): the lease was lost`)
  await app.base.$transaction(
    async (tx) => {
      await tx.$executeRaw`SELECT FROM sisy_task_run WHERE id = ${id}::uuid FOR UPDATE`
      await gone(pid)
      await lost
      expect(await runOf(app, id)).toMatchObject({ state: 'running', attempt: 1, attempts: null })
    },
    { timeout: 30_000 },
  )
  worker.child.kill('SIGTERM')
  expect(await worker.ended).toMatchObject({ code: 0 })
})

test('a cancelled run that ignores its signal keeps its key until its process is gone', async () => {
  await using app = await openChildApp(`worker: { processes: 1, graceSeconds: 0.5 }`)
  const worker = app.start('sisy-worker')
  const hanging = pidIn(worker, 'hangs in')
  const { id } = await enqueue(app, 'hangs', { uniqueKey: 'one', activeKey: 'u:one' })
  const pid = await hanging
  await app.base.$executeRaw`UPDATE sisy_task_run SET "cancelRequestedAt" = now()`
  await app.base.$executeRaw`SELECT pg_notify('sisy.kill_task', ${id})`
  await until(async () => {
    const wasAlive = isAlive(pid)
    const { activeKey } = await runOf(app, id)
    if (activeKey === null) expect(isAlive(pid)).toBe(false)
    else expect(activeKey).toBe('u:one')
    return !wasAlive && activeKey === null
  })
  expect(await runOf(app, id)).toMatchObject({ state: 'cancelled', attempts: [{ cause: 'cancelled', pid }] })
  worker.child.kill('SIGTERM')
  expect(await worker.ended).toMatchObject({ code: 0 })
})
