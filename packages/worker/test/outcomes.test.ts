import { describe, expect, test } from '@jest/globals'
import { Discard, RunTimeoutError, Snooze, type TaskContext } from '@sisy/core'
import { aborted, gate, openTestApp } from './test-app.js'

describe('a run that returns', () => {
  test('has its result stored as JSON', async () => {
    const when = new Date('2026-01-02T03:04:05Z')
    await using app = await openTestApp({
      nothing: () => undefined,
      async object() {
        return { list: [1, 'é', null], when, gone: undefined }
      },
    })
    const nothing = await app.prisma.task.runOnce('nothing')
    const object = await app.prisma.task.runOnce('object')
    await app.worker().drain()
    expect(await app.prisma.task.result(nothing.id)).toBeNull()
    expect(await app.prisma.task.result(object)).toEqual({
      list: [1, 'é', null],
      when: when.toISOString(),
    })
    expect(await app.run(object.id)).toMatchObject({
      state: 'succeeded',
      attempt: 1,
      attempts: null,
      leaseUntil: null,
      startedAt: app.clock.now(),
      finishedAt: app.clock.now(),
    })
  })

  test('what cannot be stored fails it without another attempt, for its work is done', async () => {
    const cycle: { self?: object } = {}
    cycle.self = cycle
    const results: Record<string, () => unknown> = {
      bigint: () => ({ total: 1n }),
      cycle: () => cycle,
      nul: () => 'a\0b',
      half: () => '\ud800',
      key: () => ({ 'a\0b': 1 }),
    }
    await using app = await openTestApp(results)
    for (const name of Object.keys(results)) await app.prisma.task.runOnce(name)
    await app.worker().drain()
    for (const run of await app.base.taskRun.findMany()) {
      expect(run).toMatchObject({ state: 'failed', attempt: 1 })
      expect(run.attempts).toEqual([
        expect.objectContaining({
          cause: 'discard',
          reason: expect.stringMatching(/^Its result cannot be stored: /),
        }),
      ])
    }
  })

  test('after its signal was aborted has succeeded all the same', async () => {
    const started = gate()
    await using app = await openTestApp({
      async late({ signal }: TaskContext) {
        started.open()
        await aborted(signal)
        return 'done'
      },
    })
    const run = await app.prisma.task.runOnce('late', { timeoutSeconds: 10 })
    const drained = app.worker().drain()
    await started.opened
    app.clock.advance(10_000)
    await drained
    expect(await app.prisma.task.result(run)).toBe('done')
  })
})

describe('a run that throws', () => {
  test('is tried again after a growing, jittered pause, and keeps a log of its attempts', async () => {
    let calls = 0
    await using app = await openTestApp({
      async flaky({ message }: TaskContext) {
        calls += 1
        if (calls < 3) throw new RangeError(`broken ${calls}`)
        return [message.attempt, message.maxAttempts]
      },
    })
    const backoff = { baseMs: 60_000, factor: 10, maxMs: 3_600_000 }
    const { id } = await app.prisma.task.runOnce('flaky', { backoff, label: 'Flaky' })
    const worker = app.worker()
    for (const bound of [60_000, 600_000]) {
      await worker.drain()
      const { state, dueAt } = await app.run(id)
      const pause = dueAt.getTime() - app.clock.now().getTime()
      expect(state).toBe('scheduled')
      expect(pause).toBeGreaterThanOrEqual(0)
      expect(pause).toBeLessThanOrEqual(bound)
      app.clock.advance(pause - 1)
      await worker.drain()
      expect(await app.run(id)).toMatchObject({ state: 'scheduled' })
      app.clock.advance(1)
    }
    await worker.drain()
    expect(calls).toBe(3)
    const run = await app.run(id)
    expect(run).toMatchObject({ state: 'succeeded', attempt: 3, result: [3, 5] })
    const error = { name: 'RangeError', stack: expect.stringContaining('outcomes.test') }
    const entry = { cause: 'error', workerId: worker.id, pid: process.pid, durationMs: 0 }
    expect(run.attempts).toEqual([
      expect.objectContaining({ ...entry, attempt: 1, error: { ...error, message: 'broken 1' } }),
      expect.objectContaining({ ...entry, attempt: 2, error: { ...error, message: 'broken 2' } }),
    ])
    expect(app.log.messages).toContainEqual(
      expect.stringMatching(/^Flaky \(run .*, attempt 1 of 5\) threw: broken 1; it is tried again at .*Z\.$/),
    )
  })

  test('in its last attempt has failed', async () => {
    await using app = await openTestApp({
      hopeless() {
        throw Object.assign(new Error('nul \0 and half \ud800'), { code: 'E_HOPELESS' })
      },
    })
    const { id } = await app.prisma.task.runOnce('hopeless', { maxAttempts: 1 })
    await app.worker().drain()
    expect(await app.run(id)).toMatchObject({
      state: 'failed',
      attempt: 1,
      finishedAt: app.clock.now(),
      attempts: [{ cause: 'error', error: { code: 'E_HOPELESS', message: 'nul \u2400 and half \ufffd' } }],
    })
    await expect(app.prisma.task.result(id)).rejects.toThrow('failed in attempt 1: nul')
  })

  test.each([
    ['a text', 'oops', "'oops'"],
    ['nothing', undefined, 'undefined'],
    ['an object', { a: 1 }, '{ a: 1 }'],
  ])('%s instead of an error is told as it is', async (_, thrown, message) => {
    await using app = await openTestApp({
      odd() {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- people do.
        throw thrown
      },
    })
    const { id } = await app.prisma.task.runOnce('odd', { maxAttempts: 1 })
    await app.worker().drain()
    expect(await app.run(id)).toMatchObject({
      state: 'failed',
      attempts: [{ error: { name: 'NonError', message } }],
    })
  })

  test('Discard has failed at once', async () => {
    await using app = await openTestApp({
      pointless() {
        throw new Discard('no such\0 customer')
      },
    })
    const { id } = await app.prisma.task.runOnce('pointless')
    await app.worker().drain()
    expect(await app.run(id)).toMatchObject({
      state: 'failed',
      attempt: 1,
      attempts: [{ cause: 'discard', reason: 'no such\u2400 customer' }],
    })
  })

  test('Snooze is run again later, and the attempt does not count', async () => {
    const seen: number[] = []
    await using app = await openTestApp({
      async notYet({ message }: TaskContext) {
        seen.push(message.attempt)
        if (seen.length < 3) throw new Snooze(5_000)
      },
    })
    const { id } = await app.prisma.task.runOnce('notYet', { maxAttempts: 1 })
    const worker = app.worker()
    for (const slept of [1, 2]) {
      await worker.drain()
      expect(await app.run(id)).toMatchObject({
        state: 'scheduled',
        attempt: 0,
        attempts: null,
        dueAt: new Date(app.clock.now().getTime() + 5_000),
      })
      expect(seen).toHaveLength(slept)
      app.clock.advance(5_000)
    }
    await worker.drain()
    expect(await app.run(id)).toMatchObject({ state: 'succeeded', attempt: 1 })
    expect(seen).toEqual([1, 1, 1])
  })
})

describe('a run that takes longer than its timeoutSeconds', () => {
  test('has its signal aborted and is tried again', async () => {
    const started = gate()
    let reason: unknown
    await using app = await openTestApp({
      async slow({ signal }: TaskContext) {
        started.open()
        await aborted(signal)
        reason = signal.reason
        signal.throwIfAborted()
      },
    })
    const { id } = await app.prisma.task.runOnce('slow', { timeoutSeconds: 30 })
    const drained = app.worker().drain()
    await started.opened
    app.clock.advance(29_999)
    expect(reason).toBeUndefined()
    app.clock.advance(1)
    await drained
    expect(reason).toBeInstanceOf(RunTimeoutError)
    expect(await app.run(id)).toMatchObject({
      state: 'scheduled',
      attempt: 1,
      attempts: [{ cause: 'timeout', durationMs: 30_000, error: { code: 'RUN_TIMEOUT' } }],
    })
  })

  test('is left behind after the grace when it ignores its signal', async () => {
    const started = gate()
    const never = gate()
    await using app = await openTestApp({
      async deaf() {
        started.open()
        await never.opened
        throw new Error('too late')
      },
      other: () => 'free',
    })
    const { id } = await app.prisma.task.runOnce('deaf', { timeoutSeconds: 1, maxAttempts: 1 })
    const drained = app.worker({ worker: { graceSeconds: 7, concurrency: 1 } }).drain()
    await started.opened
    app.clock.advance(1_000)
    app.clock.advance(6_999)
    expect(await app.run(id)).toMatchObject({ state: 'running' })
    app.clock.advance(1)
    await drained
    expect(await app.run(id)).toMatchObject({ state: 'failed', attempts: [{ cause: 'timeout' }] })
    never.open()
    const next = await app.prisma.task.runOnce('other')
    await app.worker().drain()
    expect(await app.prisma.task.result(next)).toBe('free')
    expect(await app.run(id)).toMatchObject({ state: 'failed', attempts: [{ cause: 'timeout' }] })
  })
})

describe('a run whose record is gone', () => {
  test.each(['fail', 'delete'] as const)('by onMissingRecord: %s', async (onMissingRecord) => {
    await using app = await openTestApp({})
    const subscription = await app.prisma.subscription.create({ data: {} })
    const task = await app.prisma.task.schedule(subscription.renew, {
      schedule: '0 0 1 1 *',
      onMissingRecord,
    })
    const run = await app.prisma.task.runNow({ id: task.id })
    await app.prisma.subscription.delete({ where: { id: subscription.id } })
    await app.worker().drain()
    const left = await app.base.task.count()
    const entry = { cause: 'missing', error: { code: 'RECORD_MISSING' } }
    expect(await app.run(run.id)).toMatchObject({
      state: onMissingRecord === 'fail' ? 'failed' : 'cancelled',
      attempt: 1,
      attempts: [entry],
    })
    expect(left).toBe(onMissingRecord === 'fail' ? 1 : 0)
  })
})

test.each([
  ['no key', null],
  ['a key of another shape', '{"name": "x"}'],
])('a row that names no record fails without a retry: %s', async (_, modelKey) => {
  await using app = await openTestApp({})
  await app.base.$executeRaw`
    INSERT INTO sisy_task (callable, label, "modelName", "modelKey")
    VALUES ('subscription.renew', 'by hand', 'Subscription', ${modelKey}::jsonb)`
  const task = await app.base.task.findFirstOrThrow()
  const run = await app.prisma.task.runNow({ id: task.id })
  await app.worker().drain()
  expect(await app.run(run.id)).toMatchObject({
    state: 'failed',
    attempt: 1,
    attempts: [{ cause: 'discard', reason: expect.stringMatching(/modelKey|not complete/) }],
  })
})

test('a bound method runs on its record as it is at the start', async () => {
  await using app = await openTestApp({})
  const subscription = await app.prisma.subscription.create({ data: { plan: 'basic' } })
  const run = await app.prisma.task.runOnce(subscription.renew)
  await app.prisma.subscription.update({ where: { id: subscription.id }, data: { plan: 'gold' } })
  await app.worker().drain()
  expect(await app.prisma.task.result(run)).toEqual({ plan: 'gold' })
  expect(await app.base.subscription.findMany()).toMatchObject([{ months: 1 }])
})
