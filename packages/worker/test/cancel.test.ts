import { describe, expect, test } from '@jest/globals'
import { RunCancelledError, type TaskContext } from '@sisy/core'
import { systemClock } from '@sisy/core/internal'
import { aborted, gate, held, openTestApp, until } from './test-app.js'

const leaseMs = 60_000

describe('cancel', () => {
  const patient = { leaseSeconds: 3600, pollSeconds: 59 }

  test('of a running run reaches it by NOTIFY', async () => {
    const started = gate()
    let reason: unknown
    await using app = await openTestApp({
      async long({ signal }: TaskContext) {
        started.open()
        await aborted(signal)
        reason = signal.reason
        throw new Error('ended early')
      },
    })
    await app.worker({ clock: systemClock, worker: patient }).start()
    const run = (await app.prisma.task.runOnce('long', { uniqueKey: 'one' }))!
    await started.opened
    expect(await app.prisma.task.cancel(run.id)).toBe('requested')
    await expect(app.prisma.task.result(run)).rejects.toThrow('was cancelled')
    expect(reason).toBeInstanceOf(RunCancelledError)
    expect(await app.run(run.id)).toMatchObject({
      state: 'cancelled',
      activeKey: null,
      attempts: [{ cause: 'cancelled' }],
    })
    expect(await app.prisma.task.cancel(run.id)).toBe('ended')
  })

  test('reaches it by the renewal of its lease where nobody listens', async () => {
    const long = held()
    await using app = await openTestApp({ long: long.callable })
    const { id } = await app.prisma.task.runOnce('long')
    const drained = app.worker({ worker: { graceSeconds: 1 } }).drain()
    await long.started.opened
    await app.prisma.task.cancel(id)
    app.clock.advance(leaseMs / 3)
    await until(async () => {
      await app.base.$queryRaw`SELECT 1`
      return long.seen.reason !== undefined
    })
    app.clock.advance(1_000)
    await drained
    long.letGo.open()
    expect(long.seen.reason).toBeInstanceOf(RunCancelledError)
    expect(await app.run(id)).toMatchObject({ state: 'cancelled', result: null })
  })

  test.each(['an error', 'a shutdown'])('wins over %s that would have it tried again', async (by) => {
    const started = gate()
    const letGo = gate()
    await using app = await openTestApp({
      async long({ signal }: TaskContext) {
        started.open()
        await Promise.race([letGo.opened, aborted(signal)])
        throw new Error('ended by itself')
      },
    })
    const { id } = (await app.prisma.task.runOnce('long', { uniqueKey: 'one' }))!
    const worker = app.worker({ listen: false })
    await worker.start()
    await started.opened
    await app.prisma.task.cancel(id)
    if (by === 'an error') letGo.open()
    else await worker.stopNow()
    await until(async () => (await app.run(id)).state !== 'running')
    expect(await app.run(id)).toMatchObject({
      state: 'cancelled',
      activeKey: null,
      finishedAt: app.clock.now(),
    })
  })

  test('of a run whose worker is gone is done by whoever takes it back', async () => {
    await using app = await openTestApp({ hello: () => 'hello' })
    const { id } = await app.prisma.task.runOnce('hello')
    await app.base.taskRun.update({
      where: { id },
      data: {
        state: 'running',
        attempt: 1,
        leaseToken: id,
        leaseUntil: app.clock.now(),
        startedAt: app.clock.now(),
      },
    })
    await app.prisma.task.cancel(id)
    app.clock.advance(1)
    await app.worker().drain()
    expect(await app.run(id)).toMatchObject({ state: 'cancelled', attempt: 1 })
  })
})
