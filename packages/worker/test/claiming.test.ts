import { describe, expect, test } from '@jest/globals'
import type { TaskContext } from '@sisy/core'
import { systemClock } from '@sisy/core/internal'
import { setImmediate } from 'node:timers/promises'
import { gate, openTestApp, until } from './test-app.js'

describe('what is claimed', () => {
  test('goes by priority, then by how long it is due', async () => {
    const order: number[] = []
    await using app = await openTestApp({
      note({ task }: TaskContext<{ n: number }>) {
        order.push(task.userdata.n)
      },
    })
    for (const [n, priority] of [1, 0, 2, 0, 1, -3].entries()) {
      await app.prisma.task.runOnce('note', { userdata: { n }, priority })
    }
    await app.worker({ worker: { concurrency: 1 } }).drain()
    expect(order).toEqual([2, 0, 4, 1, 3, 5])
  })

  test('comes from its own queues only', async () => {
    await using app = await openTestApp({ where: ({ message }: TaskContext) => message.queue })
    await app.prisma.task.runOnceMany('where', [{ queue: 'mail' }, { queue: 'reports' }, {}])
    await app.worker({ worker: { queues: ['mail', 'reports'] } }).drain()
    const states = async () =>
      (await app.base.taskRun.findMany({ orderBy: { queue: 'asc' } })).map(({ queue, state }) => [
        queue,
        state,
      ])
    expect(await states()).toEqual([
      ['default', 'due'],
      ['mail', 'succeeded'],
      ['reports', 'succeeded'],
    ])
    await app.worker().drain()
    expect(await states()).toContainEqual(['default', 'succeeded'])
  })

  test('does not let a busy queue starve another', async () => {
    const order: string[] = []
    await using app = await openTestApp({
      note({ message }: TaskContext) {
        order.push(message.queue)
      },
    })
    const items = (queue: string, count: number) => Array.from({ length: count }, () => ({ queue }))
    await app.prisma.task.runOnceMany('note', [...items('busy', 20), ...items('small', 2)])
    await app.worker({ worker: { concurrency: 1 } }).drain()
    expect(order.slice(0, 4).sort()).toEqual(['busy', 'busy', 'small', 'small'])
  })

  test('never exceeds the concurrency', async () => {
    let running = 0
    let most = 0
    const all = gate()
    await using app = await openTestApp({
      async busy() {
        running += 1
        most = Math.max(most, running)
        if (running === 4) all.open()
        await all.opened
        await setImmediate()
        running -= 1
      },
    })
    await app.prisma.task.runOnceMany(
      'busy',
      Array.from({ length: 50 }, () => ({})),
    )
    await app.worker({ worker: { concurrency: 4 } }).drain()
    expect(most).toBe(4)
    expect(await app.base.taskRun.count({ where: { state: 'succeeded' } })).toBe(50)
  })

  test('leaves what it does not know to a worker that does, and says so once', async () => {
    await using app = await openTestApp({ hello: () => 'hello', bye: () => 'bye' })
    await app.base
      .$executeRaw`INSERT INTO sisy_task_run (label, callable) VALUES ('x', 'helo'), ('x', 'helo')`
    await app.prisma.task.runOnce('bye')
    const worker = app.worker()
    await worker.drain()
    await worker.drain()
    expect(await app.base.taskRun.findMany({ where: { callable: 'helo' } })).toEqual([
      expect.objectContaining({ state: 'due', attempt: 0 }),
      expect.objectContaining({ state: 'due', attempt: 0 }),
    ])
    expect(await app.base.taskRun.count({ where: { callable: 'bye', state: 'succeeded' } })).toBe(1)
    const told = app.log.messages.filter((message) => message.includes('"helo"'))
    expect(told).toEqual([
      'Runs of "helo" are due, but this worker does not know it; they are left for one that does. Did you mean "hello"?',
    ])
    await app.base.$executeRaw`UPDATE sisy_task_run SET callable = 'hello' WHERE callable = 'helo'`
    await worker.drain()
    expect(await app.base.taskRun.count({ where: { state: 'succeeded' } })).toBe(3)
  })
})

describe('wake-ups', () => {
  const slow = { pollSeconds: 59 }

  test('by NOTIFY start a run without polling, retries and delayed ones too', async () => {
    await using app = await openTestApp({
      hello: ({ message }: TaskContext) => message.attempt,
    })
    const worker = app.worker({ clock: systemClock, worker: slow })
    await worker.start()
    for (const options of [{}, { queue: 'mail' }, { priority: 1 }]) {
      expect(await app.prisma.task.result(await app.prisma.task.runOnce('hello', options))).toBe(1)
    }
    const task = await app.prisma.task.schedule('hello', { schedule: '0 0 1 1 *' })
    const run = await app.prisma.task.runNow({ id: task.id })
    expect(await app.prisma.task.result(run)).toBe(1)
    expect(await app.prisma.task.result(await app.prisma.task.retry(run.id))).toBe(1)
  })

  test('are not needed for a retry either: its worker knows when it is due', async () => {
    await using app = await openTestApp({
      flaky({ message }: TaskContext) {
        if (message.attempt === 1) throw new Error('not yet')
        return message.attempt
      },
    })
    const run = await app.prisma.task.runOnce('flaky', { backoff: { baseMs: 1 } })
    await app.worker({ clock: systemClock, listen: false, worker: slow }).start()
    expect(await app.prisma.task.result(run)).toBe(2)
  })

  test('of a run in a transaction come with its commit', async () => {
    await using app = await openTestApp({ hello: () => 'hello' })
    await app.worker({ clock: systemClock, worker: slow }).start()
    const run = await app.prisma.$transaction(async (tx) => {
      const enqueued = await tx.task.runOnce('hello')
      await tx.$executeRaw`SELECT pg_sleep(0.05)`
      return enqueued
    })
    expect(await app.prisma.task.result(run)).toBe('hello')
  })

  test('are not needed: polling serves', async () => {
    await using app = await openTestApp({ hello: () => 'hello' })
    await app.worker({ clock: systemClock, listen: false, worker: { pollSeconds: 0.1 } }).start()
    const sessions = await app.base.$queryRaw`
      SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'sisy-listen'`
    expect(sessions).toEqual([])
    expect(await app.prisma.task.result(await app.prisma.task.runOnce('hello'))).toBe('hello')
  })

  test('come again after the database ended every session', async () => {
    const started = gate()
    const cut = gate()
    await using app = await openTestApp({
      hello: () => 'hello',
      async long() {
        started.open()
        await cut.opened
        return 'survived'
      },
    })
    await app.worker({ clock: systemClock, worker: { pollSeconds: 1 } }).start()
    const long = await app.prisma.task.runOnce('long')
    await started.opened
    await app.base.$queryRaw`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()`
    cut.open()
    expect(await app.prisma.task.result(long)).toBe('survived')
    expect(await app.run(long.id)).toMatchObject({ attempt: 1, attempts: null })
    const heard = () => app.log.messages.includes('Listening for wake-ups works again.')
    await until(async () => {
      await app.base.$queryRaw`SELECT 1`
      return heard()
    })
    const { id } = await app.prisma.task.runOnce('hello')
    expect(await app.prisma.task.result(id)).toBe('hello')
  })
})

describe('what is due later', () => {
  test('is promoted by the worker, when no heartbeat runs', async () => {
    await using app = await openTestApp({ hello: () => 'hello' })
    const delayUntil = new Date(app.clock.now().getTime() + 3_600_000)
    const { id } = await app.prisma.task.runOnce('hello', { delayUntil })
    const worker = app.worker()
    app.clock.advance(3_599_999)
    await worker.drain()
    expect(await app.run(id)).toMatchObject({ state: 'scheduled' })
    app.clock.advance(1)
    await worker.drain()
    expect(await app.run(id)).toMatchObject({ state: 'succeeded', startedAt: app.clock.now() })
  })
})
