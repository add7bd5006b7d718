import { describe, expect, test } from '@jest/globals'
import { LeaseLostError, NotSerialisableError, type TaskContext } from '@sisy/core'
import { gate, openTestApp, until } from './test-app.js'

type Counter = TaskContext<{ count: number }>

describe('userdata of a task', () => {
  test('is read from its row at each start', async () => {
    const seen: number[] = []
    await using app = await openTestApp({
      async count({ task }: Counter) {
        seen.push(task.userdata.count)
        if (seen.length === 1) throw new Error('again')
      },
    })
    const task = await app.prisma.task.schedule('count', { schedule: '0 0 1 1 *', userdata: { count: 1 } })
    await app.prisma.task.runNow({ id: task.id })
    await app.prisma.task.update({ where: { id: task.id }, data: { userdata: { count: 2 } } })
    const worker = app.worker()
    await worker.drain()
    await app.prisma.task.update({ where: { id: task.id }, data: { userdata: { count: 3 } } })
    app.clock.advance(60_000)
    await worker.drain()
    expect(seen).toEqual([2, 3])
  })

  test('is written back by save(), and comes with the rest of the row', async () => {
    let seen: object = {}
    await using app = await openTestApp({
      async count({ task, message, signal }: Counter) {
        seen = { ...task, message, aborted: signal.aborted }
        task.userdata.count += 1
        await task.save()
        task.userdata = { count: task.userdata.count * 10 }
        await task.save()
        task.userdata.count = -1
      },
    })
    const options = { key: 'counter', label: 'Counter', schedule: '0 0 1 1 *', queue: 'low', maxAttempts: 2 }
    const task = await app.prisma.task.schedule('count', { ...options, userdata: { count: 1 } })
    const run = await app.prisma.task.runNow({ key: 'counter' })
    await app.worker().drain()
    expect(await app.task(task.id)).toMatchObject({ userdata: { count: 20 }, modifiedAt: task.modifiedAt })
    expect(await app.run(run.id)).toMatchObject({ userdata: { count: 20 }, state: 'succeeded' })
    const { callable, timezone, nextRun, lastRun } = task
    expect(seen).toMatchObject({
      id: task.id,
      key: 'counter',
      label: 'Counter',
      callable,
      schedule: '0 0 1 1 *',
      timezone,
      nextRun,
      lastRun,
      iterations: 0,
      message: { runId: run.id, attempt: 1, maxAttempts: 2, queue: 'low', uniqueKey: null, dueAt: run.dueAt },
      aborted: false,
    })
  })

  test('is read by each of several runs that were claimed together, as the one before has saved it', async () => {
    const seen: number[] = []
    const claims = new Set<string | null>()
    await using app = await openTestApp({
      quick: () => undefined,
      async count({ task, message }: Counter) {
        const { leaseToken } = await app.run(message.runId ?? '')
        claims.add(leaseToken)
        seen.push(task.userdata.count)
        task.userdata = { count: task.userdata.count + 1 }
        await task.save()
      },
    })
    const task = await app.prisma.task.schedule('count', { schedule: '0 0 1 1 *', userdata: { count: 1 } })
    // After quick ones a worker claims more than it has slots.
    for (const _run of [1, 2]) await app.prisma.task.runOnce('quick')
    for (const _run of [1, 2, 3]) await app.prisma.task.runNow({ id: task.id })
    await app.worker({ worker: { concurrency: 1 } }).drain()
    expect(seen).toEqual([1, 2, 3])
    expect(claims.size).toBe(1)
  })

  test('is read as a run saved it that was in hand when the claim was sent, and ended before its reply', async () => {
    const begun = gate()
    const letGo = gate()
    const seen: number[] = []
    await using app = await openTestApp({
      async count({ task }: Counter) {
        seen.push(task.userdata.count)
        begun.open()
        if (seen.length === 1) await letGo.opened
        task.userdata.count += 1
        await task.save()
      },
    })
    await app.base.$executeRaw`
      CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN PERFORM pg_advisory_xact_lock(7); RETURN NEW; END'`
    await app.base.$executeRaw`
      CREATE TRIGGER wait BEFORE UPDATE ON sisy_task_run FOR EACH ROW
      WHEN (OLD.state = 'due' AND NEW.state = 'running') EXECUTE FUNCTION wait()`
    const task = await app.prisma.task.schedule('count', { schedule: '0 0 1 1 *', userdata: { count: 1 } })
    const one = await app.prisma.task.runNow({ id: task.id })
    const worker = app.worker({ worker: { concurrency: 2 } })
    await worker.start()
    await begun.opened
    const two = await app.base.$transaction(async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(7)`
      const run = await app.prisma.task.runNow({ id: task.id })
      await until(async () => {
        const waiting = await app.base.$queryRaw<object[]>`
          SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'`
        return waiting.length > 0
      })
      letGo.open()
      await until(async () => (await app.run(one.id)).state === 'succeeded')
      return run
    })
    await until(async () => (await app.run(two.id)).state === 'succeeded')
    await worker.stop()
    expect(seen).toEqual([1, 2])
    expect(await app.task(task.id)).toMatchObject({ userdata: { count: 3 } })
  })

  test('that is no JSON is refused by save(), and nothing is written', async () => {
    let thrown: unknown
    await using app = await openTestApp({
      async bad({ task }: TaskContext<{ deep: unknown }>) {
        task.userdata.deep = [{ of: 1n }]
        await task.save().catch((error: unknown) => (thrown = error))
      },
    })
    const { id } = await app.prisma.task.runOnce('bad', { userdata: { deep: null } })
    await app.worker().drain()
    expect(thrown).toBeInstanceOf(NotSerialisableError)
    expect(await app.run(id)).toMatchObject({ state: 'succeeded', userdata: { deep: null } })
  })

  test('is the run’s own copy once the task was deleted', async () => {
    const started = gate()
    const deleted = gate()
    const seen: object[] = []
    await using app = await openTestApp({
      async count({ task }: Counter) {
        seen.push({ id: task.id, schedule: task.schedule, userdata: { ...task.userdata } })
        if (seen.length > 1) return task.save()
        task.userdata.count += 1
        await task.save()
        started.open()
        await deleted.opened
        throw new Error('again')
      },
    })
    const task = await app.prisma.task.schedule('count', { schedule: '0 0 1 1 *', userdata: { count: 1 } })
    const run = await app.prisma.task.runNow({ id: task.id })
    const waiting = await app.prisma.task.runNow({ id: task.id })
    const worker = app.worker({ worker: { concurrency: 1 } })
    const drained = worker.drain()
    await started.opened
    await app.prisma.task.delete({ where: { id: task.id } })
    deleted.open()
    await drained
    app.clock.advance(60_000)
    await worker.drain()
    expect(await app.run(waiting.id)).toMatchObject({ state: 'cancelled', attempt: 0, taskId: null })
    expect(await app.run(run.id)).toMatchObject({ state: 'succeeded', attempt: 2, taskId: null })
    expect(seen).toEqual([
      { id: task.id, schedule: '0 0 1 1 *', userdata: { count: 1 } },
      { id: null, schedule: null, userdata: { count: 2 } },
    ])
  })
})

describe('userdata of a one-shot', () => {
  test('keeps over a retry what save() wrote', async () => {
    const seen: object[] = []
    await using app = await openTestApp({
      async import({ task, message }: TaskContext<{ row: number }>) {
        seen.push({ id: task.id, row: task.userdata.row, uniqueKey: message.uniqueKey })
        task.userdata.row += 100
        await task.save()
        task.userdata.row += 1
        if (seen.length < 3) throw new Error('interrupted')
      },
    })
    await app.prisma.task.runOnce('import', { userdata: { row: 0 }, uniqueKey: 'import' })
    const worker = app.worker()
    for (const _attempt of [1, 2, 3]) {
      await worker.drain()
      app.clock.advance(60_000)
    }
    const one = { id: null, uniqueKey: 'import' }
    expect(seen).toEqual([
      { ...one, row: 0 },
      { ...one, row: 100 },
      { ...one, row: 200 },
    ])
  })

  test('is not written once the lease is lost', async () => {
    let thrown: unknown
    await using app = await openTestApp({
      async lose({ task, message }: Counter) {
        await app.base
          .$executeRaw`UPDATE sisy_task_run SET "leaseToken" = gen_random_uuid() WHERE id = ${message.runId}::uuid`
        task.userdata.count = 2
        await task.save().catch((error: unknown) => (thrown = error))
      },
    })
    const { id } = await app.prisma.task.runOnce('lose', { userdata: { count: 1 } })
    await app.worker().drain()
    expect(thrown).toBeInstanceOf(LeaseLostError)
    expect(await app.run(id)).toMatchObject({ state: 'running', userdata: { count: 1 }, result: null })
    expect(app.log.messages).toContainEqual(
      expect.stringContaining('the lease was lost, so nothing was saved'),
    )
  })
})
