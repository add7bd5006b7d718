import { describe, expect, test } from '@jest/globals'
import { LeaseLostError, RunCancelledError, type TaskContext } from '@sisy/core'
import { systemClock } from '@sisy/core/internal'
import pg from 'pg'
import { aborted, gate, openTestApp, until } from './test-app.js'

const leaseMs = 60_000

/** A callable that tells when it runs and when its signal is aborted, and goes on until it is let go. */
function held() {
  const started = gate()
  const letGo = gate()
  const seen: { reason?: unknown } = {}
  const callable = async ({ signal }: TaskContext) => {
    void aborted(signal).then(() => {
      seen.reason = signal.reason
    })
    started.open()
    await letGo.opened
    return 'kept'
  }
  return { callable, started, letGo, seen }
}

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
    long.letGo.open()
    await other.query('ROLLBACK')
    await other.end()
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

describe('an end that the database does not take', () => {
  test('holds up no other, and is given up after its lease', async () => {
    await using app = await openTestApp({
      say: ({ task }: TaskContext<{ word: string }>) => task.userdata.word,
    })
    await app.base.$executeRaw`ALTER TABLE sisy_task_run ADD CHECK (result <> '"bad"')`
    const words = ['good', 'bad', 'fine', 'well', 'bad', 'right']
    await app.prisma.task.runOnceMany(
      'say',
      words.map((word) => ({ userdata: { word } })),
    )
    let ended = false
    const drained = app
      .worker()
      .drain()
      .then(() => (ended = true))
    await until(async () => {
      app.clock.advance(250)
      await app.base.$queryRaw`SELECT 1`
      return ended
    })
    await drained
    const runs = await app.base.taskRun.findMany()
    const states = runs.map(({ state, userdata }) => ({ state, userdata }))
    for (const word of words) {
      expect(states).toContainEqual({ state: word === 'bad' ? 'running' : 'succeeded', userdata: { word } })
    }
    expect(app.log.messages).toContainEqual(
      expect.stringMatching(/^Writing results fails and will be tried again: /),
    )
  })
})
