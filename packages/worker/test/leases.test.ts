import { describe, expect, test } from '@jest/globals'
import { LeaseLostError, type TaskContext } from '@sisy/core'
import pg from 'pg'
import { held, openTestApp, until } from './test-app.js'

const leaseMs = 60_000

describe('a lease', () => {
  test('is renewed for as long as the run takes', async () => {
    const long = held()
    await using app = await openTestApp({ long: long.callable })
    const { id } = await app.prisma.task.runOnce('long')
    const worker = app.worker()
    const drained = worker.drain()
    await long.started.opened
    const step = 5_000
    const unseenMs = async () => {
      const { lastSeenAt } = await app.base.taskWorker.findUniqueOrThrow({ where: { id: worker.id } })
      return app.clock.now().getTime() - lastSeenAt.getTime()
    }
    for (let ms = 0; ms < 3 * leaseMs; ms += step) {
      app.clock.advance(step)
      await until(async () => (await unseenMs()) <= leaseMs / 3 + step)
    }
    await app.worker().drain()
    long.letGo.open()
    await drained
    expect(long.seen.reason).toBeUndefined()
    expect(await app.run(id)).toMatchObject({
      state: 'succeeded',
      attempt: 1,
      result: 'kept',
      attempts: null,
    })
    const [row] = await app.base.taskWorker.findMany({ where: { id: worker.id } })
    expect(row).toMatchObject({ pid: process.pid, concurrency: 10, stoppedAt: null })
  })

  test('whose row another transaction holds is not lost, and holds up none of the others', async () => {
    const longs = [held(), held()]
    await using app = await openTestApp({ one: longs[0]!.callable, two: longs[1]!.callable })
    const runs = [await app.prisma.task.runOnce('one'), await app.prisma.task.runOnce('two')]
    const worker = app.worker()
    const drained = worker.drain()
    await Promise.all(longs.map(({ started }) => started.opened))
    const leaseEnd = async (n: number) => (await app.run(runs[n]!.id)).leaseUntil?.getTime() ?? 0
    const before = await leaseEnd(1)
    const locking = new pg.Client({ connectionString: app.url })
    await locking.connect()
    await locking.query('BEGIN')
    await locking.query('UPDATE sisy_task_run SET priority = 1 WHERE id = $1', [runs[0]!.id])
    app.clock.advance(leaseMs / 3 + 1)
    await until(async () => (await leaseEnd(1)) > before)
    await locking.query('ROLLBACK')
    await locking.end()
    expect(longs.map(({ seen }) => seen.reason)).toEqual([undefined, undefined])
    for (const { letGo } of longs) letGo.open()
    await drained
    for (const { id } of runs) expect(await app.run(id)).toMatchObject({ state: 'succeeded', attempt: 1 })
  })

  test('that another took is given up, and nothing is saved', async () => {
    const long = held()
    await using app = await openTestApp({ long: long.callable })
    const { id } = await app.prisma.task.runOnce('long')
    const drained = app.worker().drain()
    await long.started.opened
    await app.base.$executeRaw`UPDATE sisy_task_run SET "leaseToken" = gen_random_uuid()`
    app.clock.advance(leaseMs / 3)
    await until(async () => {
      await app.run(id)
      return long.seen.reason !== undefined
    })
    long.letGo.open()
    await drained
    expect(long.seen.reason).toBeInstanceOf(LeaseLostError)
    expect(await app.run(id)).toMatchObject({ state: 'running', result: null })
  })

  test('that cannot be renewed in time is given up, although the database does not answer', async () => {
    const long = held()
    await using app = await openTestApp({ long: long.callable })
    const { id } = await app.prisma.task.runOnce('long')
    const drained = app.worker({ worker: { graceSeconds: 0 } }).drain()
    await long.started.opened
    const other = new pg.Client({ connectionString: app.url })
    await other.connect()
    await other.query('BEGIN')
    await other.query('SELECT FROM sisy_task_run FOR UPDATE')
    await until(async () => {
      app.clock.advance(1_000)
      await app.base.$queryRaw`SELECT 1`
      return long.seen.reason !== undefined
    })
    expect(long.seen.reason).toBeInstanceOf(LeaseLostError)
    expect(await app.run(id)).toMatchObject({ state: 'running', result: null })
    await other.query('ROLLBACK')
    await other.end()
    long.letGo.open()
    await drained
  })

  test('of a worker that is gone is taken back, and the run is completed by another', async () => {
    await using app = await openTestApp({ hello: ({ message }: TaskContext) => message.attempt })
    const { id } = await app.prisma.task.runOnce('hello')
    const gone = { workerId: '00000000-0000-4000-8000-000000000000', leaseUntil: app.clock.now() }
    await app.base.taskRun.update({
      where: { id },
      data: { ...gone, state: 'running', attempt: 1, leaseToken: gone.workerId, startedAt: app.clock.now() },
    })
    app.clock.advance(1)
    const told: unknown[] = []
    await app.worker({ onOutcome: (run, outcome) => told.push([run.runId, run.state, outcome.kind]) }).drain()
    expect(told).toContainEqual([id, 'due', 'lost'])
    expect(await app.run(id)).toMatchObject({
      state: 'succeeded',
      result: 2,
      attempts: [{ attempt: 1, cause: 'lost', workerId: gone.workerId }],
    })
    expect(app.log.messages).toContainEqual(
      expect.stringMatching(/was lost by its worker 0{8}-.* and is taken back/),
    )
  })

  test('that cannot be renewed, since user code inline holds up the process, is told of with its callable', async () => {
    const long = held()
    await using app = await openTestApp({ long: long.callable })
    await app.prisma.task.runOnce('long')
    const drained = app.worker().drain()
    await long.started.opened
    // Timers come late when the event loop was blocked.
    app.clock.advance(leaseMs / 2)
    await until(async () => {
      await app.base.$queryRaw`SELECT 1`
      return app.log.messages.some((message) => message.includes('was held up'))
    })
    expect(app.log.messages.filter((message) => message.includes('was held up'))).toEqual([
      expect.stringMatching(/^This process was held up for 27 s while it ran long, .* they last 60 s\./),
    ])
    long.letGo.open()
    await drained
  })

  test('of a run that a worker takes again, while its first attempt lingers, is kept apart from the first', async () => {
    const first = held()
    const second = held()
    const callables = [first.callable, second.callable]
    await using app = await openTestApp({ long: (context: TaskContext) => callables.shift()?.(context) })
    const { id } = await app.prisma.task.runOnce('long')
    const worker = app.worker({ listen: false, worker: { graceSeconds: 30 } })
    await worker.start()
    await first.started.opened
    await app.base.$executeRaw`
      UPDATE sisy_task_run SET state = 'due', "leaseToken" = NULL, "leaseUntil" = NULL, attempt = 1`
    const claimed = async () => (await app.run(id)).leaseToken !== null
    await until(async () => {
      app.clock.advance(500)
      return claimed()
    })
    await second.started.opened
    first.letGo.open()
    const leaseEnd = async () => (await app.run(id)).leaseUntil?.getTime() ?? 0
    await until(async () => {
      app.clock.advance(500)
      return (await leaseEnd()) >= app.clock.now().getTime() + leaseMs - 500
    })
    second.letGo.open()
    await worker.stop()
    expect(second.seen.reason).toBeUndefined()
    expect(await app.run(id)).toMatchObject({ state: 'succeeded', attempt: 2, result: 'kept' })
  })
})
