import { describe, expect, test } from '@jest/globals'
import {
  InvalidTaskError,
  LeaseLostError,
  NotSerialisableError,
  type TaskContext,
  type TransactionClient,
} from '@sisy/core'
import { cjsJavaScript, openBinApp } from './bin-app.js'
import { gate, openTestApp, until } from './test-app.js'

/** An app with one callable, which is given the app itself, and one record that the callable may count up. */
async function openCounterApp(work: (context: TaskContext, count: Count) => Promise<unknown>) {
  const app = await openTestApp({
    work: (context: TaskContext): Promise<unknown> =>
      work(context, (after) =>
        app.prisma.$transaction(async (tx) => {
          await tx.subscription.updateMany({ data: { months: { increment: 1 } } })
          await after(tx)
        }),
      ),
  })
  const { months } = await app.prisma.subscription.create({ data: {} })
  return {
    app,
    counted: async () => (await app.base.subscription.findFirstOrThrow()).months - months,
  }
}

/** Counts up in a transaction, and does something else in it. */
type Count = (after: (tx: TransactionClient) => Promise<unknown>) => Promise<void>

describe('message.complete()', () => {
  test('ends the run together with what its transaction writes', async () => {
    const { app, counted } = await openCounterApp(async ({ message }, count) => {
      await count((tx) => message.complete(tx, { credited: 1, at: new Date(0) }))
      return 'not kept'
    })
    await using _app = app
    const run = (await app.prisma.task.runOnce('work', { uniqueKey: 'one' }))!
    const told: unknown[] = []
    await app.worker({ onOutcome: ({ state }, { kind }) => told.push([state, kind]) }).drain()
    expect(await app.run(run.id)).toMatchObject({
      state: 'succeeded',
      attempt: 1,
      attempts: null,
      activeKey: null,
      leaseUntil: null,
      finishedAt: expect.any(Date),
      result: { credited: 1, at: '1970-01-01T00:00:00.000Z' },
    })
    expect(await counted()).toBe(1)
    expect(told).toEqual([['succeeded', 'ok']])
  })

  test('is undone with its transaction: the run is tried again', async () => {
    const { app, counted } = await openCounterApp(({ message }, count) =>
      count(async (tx) => {
        await message.complete(tx, message.attempt)
        if (message.attempt === 1) throw new Error('rolled back')
      }),
    )
    await using _app = app
    const { id } = await app.prisma.task.runOnce('work')
    const worker = app.worker()
    await worker.drain()
    expect(await app.run(id)).toMatchObject({
      state: 'scheduled',
      result: null,
      attempts: [{ cause: 'error' }],
    })
    expect(await counted()).toBe(0)
    app.clock.advance(60_000)
    await worker.drain()
    expect(await app.run(id)).toMatchObject({ state: 'succeeded', attempt: 2, result: 2 })
    expect(await counted()).toBe(1)
  })

  test('undoes its transaction when the lease was lost', async () => {
    let thrown: unknown
    const { app, counted } = await openCounterApp(async ({ message }, count) => {
      await app.base.$executeRaw`UPDATE sisy_task_run SET "leaseToken" = gen_random_uuid()`
      await count((tx) => message.complete(tx)).catch((error: unknown) => (thrown = error))
    })
    await using _app = app
    const { id } = await app.prisma.task.runOnce('work')
    await app.worker().drain()
    expect(thrown).toBeInstanceOf(LeaseLostError)
    expect(thrown).toHaveProperty(
      'message',
      `Run ${id} (attempt 1) has ended, was taken back or has been completed already, so it was not completed; its transaction must be rolled back.`,
    )
    expect(await app.run(id)).toMatchObject({ state: 'running', result: null })
    expect(await counted()).toBe(0)
  })

  test('stands, whatever the callable throws afterwards', async () => {
    let calls = 0
    const { app, counted } = await openCounterApp(async ({ message }, count) => {
      calls += 1
      await count((tx) => message.complete(tx, 'kept'))
      throw new Error('too late')
    })
    await using _app = app
    const { id } = await app.prisma.task.runOnce('work')
    const told: unknown[] = []
    const worker = app.worker({ onOutcome: ({ state }, { kind }) => told.push([state, kind]) })
    await worker.drain()
    app.clock.advance(3_600_000)
    await worker.drain()
    expect(calls).toBe(1)
    expect(await app.run(id)).toMatchObject({
      state: 'succeeded',
      attempt: 1,
      result: 'kept',
      attempts: null,
    })
    expect(await counted()).toBe(1)
    expect(told).toEqual([['succeeded', 'error']])
    expect(app.log.messages).toContainEqual(
      expect.stringMatching(/threw: too late; it had completed in a transaction, so it stays succeeded\.$/),
    )
  })

  test('is done once: a second time undoes the second transaction', async () => {
    let thrown: unknown
    const { app, counted } = await openCounterApp(async ({ message }, count) => {
      await count((tx) => message.complete(tx, 'first'))
      await count((tx) => message.complete(tx, 'second')).catch((error: unknown) => (thrown = error))
    })
    await using _app = app
    const { id } = await app.prisma.task.runOnce('work')
    await app.worker().drain()
    expect(thrown).toBeInstanceOf(LeaseLostError)
    expect(await app.run(id)).toMatchObject({ state: 'succeeded', result: 'first' })
    expect(await counted()).toBe(1)
  })

  test('needs no lease for what the callable does afterwards', async () => {
    const completed = gate()
    const letGo = gate()
    let aborted: boolean | undefined
    const { app } = await openCounterApp(async ({ message, signal }, count) => {
      await count((tx) => message.complete(tx, 'kept'))
      completed.open()
      await letGo.opened
      aborted = signal.aborted
    })
    await using _app = app
    const { id } = await app.prisma.task.runOnce('work')
    const worker = app.worker()
    const drained = worker.drain()
    await completed.opened
    const unseenMs = async () => {
      const { lastSeenAt } = await app.base.taskWorker.findUniqueOrThrow({ where: { id: worker.id } })
      return app.clock.now().getTime() - lastSeenAt.getTime()
    }
    for (let ms = 0; ms < 120_000; ms += 5_000) {
      app.clock.advance(5_000)
      await until(async () => (await unseenMs()) <= 25_000)
    }
    letGo.open()
    await drained
    expect(aborted).toBe(false)
    expect(await app.run(id)).toMatchObject({ state: 'succeeded', attempt: 1, result: 'kept' })
  })

  test('takes the tx of any client, and refuses whatever cannot be rolled back', async () => {
    const thrown: unknown[] = []
    const { app } = await openCounterApp(async ({ message }) => {
      const seen: string[] = []
      const further = app.prisma.$extends({
        query: {
          $allOperations: ({ operation, args, query }) => {
            seen.push(operation)
            return query(args)
          },
        },
      })
      // What untyped code may give.
      const given = [
        app.base,
        app.prisma,
        further,
        null,
        undefined,
        'tx',
        {},
      ] as unknown as TransactionClient[]
      for (const tx of given) await message.complete(tx).catch((error: unknown) => thrown.push(error))
      await app.base.$transaction(async (tx) => {
        await message.complete(tx, 'a\0b').catch((error: unknown) => thrown.push(error))
        await message.complete(tx, 1n).catch((error: unknown) => thrown.push(error))
      })
      const completeInVain = async (tx: TransactionClient) => {
        await message.complete(tx)
        throw new Error('rolled back')
      }
      await expect(app.base.$transaction(completeInVain)).rejects.toThrow('rolled back')
      await expect(app.prisma.$transaction(completeInVain)).rejects.toThrow('rolled back')
      await further.$transaction((tx) => message.complete(tx, seen))
    })
    await using _app = app
    const { id } = await app.prisma.task.runOnce('work')
    await app.worker().drain()
    const whole = 'and was given a whole Prisma client. Write what belongs to the run through that tx'
    expect(thrown.slice(0, 3)).toEqual(
      Array.from({ length: 3 }, () => expect.objectContaining({ message: expect.stringContaining(whole) })),
    )
    for (const error of thrown.slice(0, 7)) expect(error).toBeInstanceOf(InvalidTaskError)
    expect(thrown[7]).toBeInstanceOf(NotSerialisableError)
    expect(thrown[8]).toBeInstanceOf(TypeError)
    expect(thrown).toHaveLength(9)
    expect(await app.run(id)).toMatchObject({ state: 'succeeded', result: [] })
  })
})

test('message.complete() works in a child process, and stands when that dies', async () => {
  const inTransaction = (work: string) =>
    `({ message }) => module.exports.$transaction(async (tx) => { ${work} })`
  await using app = await openBinApp({
    files: cjsJavaScript(`{
      completes: ${inTransaction(`await tx.subscription.create({ data: {} }); await message.complete(tx, process.pid)`)},
      dies: ({ message }) => (${inTransaction('await message.complete(tx, message.attempt)')})({ message })
        .then(() => process.exit(3)),
      diesWithin: ${inTransaction(`await message.complete(tx, message.attempt); if (message.attempt === 1) process.exit(3)`)},
    }`),
  })
  const callables = ['completes', 'dies', 'diesWithin']
  const backoff = { baseMs: 1, factor: 1, maxMs: 1 }
  await app.base.taskRun.createMany({
    data: callables.map((callable) => ({ label: callable, callable, backoff })),
  })
  const worker = app.start('sisy-worker')
  const stands = worker.line('it had completed in a transaction, so it stays succeeded')
  await until(async () => (await app.base.taskRun.count({ where: { state: 'succeeded' } })) === 3)
  await stands
  worker.child.kill('SIGTERM')
  expect(await worker.ended).toMatchObject({ code: 0 })
  const runs = await app.base.taskRun.findMany({ orderBy: { callable: 'asc' } })
  expect(runs).toMatchObject([
    { callable: 'completes', attempt: 1, result: expect.any(Number) },
    { callable: 'dies', attempt: 1, result: 1, attempts: null },
    { callable: 'diesWithin', attempt: 2, result: 2, attempts: [{ cause: 'crashed', exitCode: 3 }] },
  ])
  expect(runs[0]?.result).not.toBe(worker.child.pid)
  expect(await app.base.subscription.count()).toBe(1)
})
