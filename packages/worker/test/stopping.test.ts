import { describe, expect, test } from '@jest/globals'
import { WorkerShutdownError, type TaskContext } from '@sisy/core'
import { systemClock } from '@sisy/core/internal'
import { setImmediate } from 'node:timers/promises'
import { aborted, gate, openTestApp, until } from './test-app.js'

describe('stop()', () => {
  test('lets what runs end, and takes nothing new', async () => {
    const started = gate()
    const letGo = gate()
    await using app = await openTestApp({
      async long() {
        started.open()
        await letGo.opened
        return 'ended'
      },
    })
    const runs = await app.prisma.task.runOnceMany('long', [{}, {}])
    const worker = app.worker({ clock: systemClock, worker: { concurrency: 1 } })
    await worker.start()
    await started.opened
    const stopped = worker.stop()
    letGo.open()
    await stopped
    expect(await app.base.taskRun.findMany({ orderBy: { state: 'desc' } })).toEqual([
      expect.objectContaining({ state: 'succeeded', result: 'ended' }),
      expect.objectContaining({ state: 'due', attempt: 0 }),
    ])
    expect(runs).toHaveLength(2)
    expect(await app.base.taskWorker.findMany()).toEqual([
      expect.objectContaining({
        id: worker.id,
        stoppedAt: expect.any(Date),
        metrics: expect.objectContaining({ runs: { ok: 1 } }),
      }),
    ])
  })

  test('aborts what runs longer than drainSeconds, and gives it back with its attempt', async () => {
    const started = gate()
    let reason: unknown
    await using app = await openTestApp({
      async long({ signal, message }: TaskContext) {
        if (message.attempt > 1 || reason !== undefined) return message.attempt
        started.open()
        await aborted(signal)
        reason = signal.reason
        signal.throwIfAborted()
      },
    })
    const { id } = (await app.prisma.task.runOnce('long', { maxAttempts: 1, uniqueKey: 'one' }))!
    const worker = app.worker({ worker: { drainSeconds: 15 }, listen: false })
    await worker.start()
    await started.opened
    const stopped = worker.stop()
    // The claim loop ends first; only then the time to drain begins.
    await app.base.$queryRaw`SELECT 1`
    app.clock.advance(14_999)
    expect(reason).toBeUndefined()
    app.clock.advance(15_000)
    await stopped
    expect(reason).toBeInstanceOf(WorkerShutdownError)
    expect(await app.run(id)).toMatchObject({
      state: 'due',
      attempt: 0,
      attempts: null,
      startedAt: null,
      leaseUntil: null,
      activeKey: 'u:one',
    })
    await app.worker().drain()
    expect(await app.prisma.task.result(id)).toBe(1)
  })

  test('is safe before the start, twice, and after the end', async () => {
    await using app = await openTestApp({ hello: () => 'hello' })
    const unstarted = app.worker()
    await unstarted.stop()
    await unstarted.stopNow()
    const worker = app.worker({ clock: systemClock })
    await worker.start()
    await Promise.all([worker.stop(), worker.stop(), worker.stopNow()])
    await worker.stop()
    expect(await app.base.taskWorker.count()).toBe(1)
  })
})

test('a database that does not answer holds nothing up for long', async () => {
  await using app = await openTestApp({ hello: () => 'hello' })
  const worker = app.worker({ clock: systemClock, worker: { drainSeconds: 0, graceSeconds: 0 } })
  await worker.start()
  await app.prisma.$transaction(async (tx) => {
    await tx.$executeRaw`LOCK TABLE sisy_task_worker IN ACCESS EXCLUSIVE MODE`
    await worker.stop()
  })
  expect(app.log.messages).toContain(
    'The end took too long, for the database does not answer or user code does not end; 0 runs are rescued when their lease is over.',
  )
  await until(async () => (await app.base.taskWorker.findFirstOrThrow()).stoppedAt !== null)
})

describe('stopNow()', () => {
  test('ends at once what ignores its signal, also while stop() is waiting', async () => {
    const started = gate()
    const never = gate()
    await using app = await openTestApp({
      async deaf() {
        started.open()
        await never.opened
      },
    })
    const { id } = await app.prisma.task.runOnce('deaf')
    const worker = app.worker({ clock: systemClock, worker: { drainSeconds: 3600, graceSeconds: 3600 } })
    await worker.start()
    await started.opened
    const stopped = worker.stop()
    await worker.stopNow()
    await stopped
    expect(await app.run(id)).toMatchObject({ state: 'due', attempt: 0 })
    never.open()
  })
})

test('nothing is left behind: no timer, no connection, no listener', async () => {
  const resources = () =>
    process
      .getActiveResourcesInfo()
      .filter((kind) => kind !== 'Immediate')
      .sort()
  await using app = await openTestApp({ hello: () => 'hello' })
  const [run] = await app.prisma.task.runOnceMany('hello', [
    {},
    { delayUntil: new Date(Date.now() + 3_600_000) },
  ])
  await app.base.$disconnect()
  const before = resources()
  const worker = app.worker({ clock: systemClock })
  await worker.start()
  await app.prisma.task.result(run!)
  await worker.stop()
  await app.base.$disconnect()
  // A closed socket goes a moment after its connection, one from before the worker too.
  while (resources().length > before.length) await setImmediate()
})
