import { expect, test } from '@jest/globals'
import type { TaskContext } from '@sisy/core'
import { held, openTestApp, until } from './test-app.js'

const one = { worker: { concurrency: 1 } }

/** A callable that tells whether its run was marked as started before it began. */
async function openWitness() {
  const seen: boolean[] = []
  let failures = 0
  const witness = async ({ message: { runId } }: TaskContext) => {
    const { startedAt } = await app.run(runId ?? '')
    seen.push(startedAt !== null)
    if (seen.length <= failures) throw new Error('once more')
  }
  const app = await openTestApp({ witness })
  return Object.assign(app, { seen, failFirst: () => (failures = 1) })
}

test('a worker tells that the index of its claims is missing, and runs without it', async () => {
  await using app = await openTestApp({ work: () => 1 })
  const isTold = (): boolean =>
    app.log.messages.some((message) => message.startsWith('The index sisy_task_run_claim is missing'))
  const runOne = async (isEnough: () => boolean): Promise<void> => {
    const { id } = await app.prisma.task.runOnce('work')
    const worker = app.worker()
    await worker.start()
    await until(async () => (await app.run(id)).state === 'succeeded' && isEnough())
    await worker.stop()
  }
  await runOne(() => true)
  expect(isTold()).toBe(false)
  await app.base.$executeRaw`DROP INDEX sisy_task_run_claim`
  await runOne(isTold)
})

test('a one-shot begins without a mark, and its end tells when it began', async () => {
  await using app = await openWitness()
  const { id } = await app.prisma.task.runOnce('witness')
  await app.worker().drain()
  expect(app.seen).toEqual([false])
  expect(await app.run(id)).toMatchObject({ state: 'succeeded', startedAt: app.clock.now() })
})

test('a one-shot that goes on is marked soon after it began', async () => {
  const work = held()
  await using app = await openTestApp({ work: work.callable })
  const { id } = await app.prisma.task.runOnce('work')
  const worker = app.worker()
  await worker.start()
  await work.started.opened
  const beganAt = app.clock.now()
  app.clock.advance(50)
  await until(async () => (await app.run(id)).startedAt !== null)
  expect(await app.run(id)).toMatchObject({ state: 'running', startedAt: beganAt })
  work.letGo.open()
  await worker.stop()
  expect(await app.run(id)).toMatchObject({ state: 'succeeded', startedAt: beganAt })
})

test('a run that is tried only once is marked before it begins', async () => {
  await using app = await openWitness()
  await app.prisma.task.runOnce('witness', { maxAttempts: 1 })
  await app.worker().drain()
  expect(app.seen).toEqual([true])
})

test('a run that was claimed before is marked before it begins', async () => {
  await using app = await openWitness()
  app.failFirst()
  await app.prisma.task.runOnce('witness', { backoff: { baseMs: 1 } })
  const worker = app.worker()
  await worker.drain()
  app.clock.advance(1)
  await worker.drain()
  expect(app.seen).toEqual([false, true])
})

test("a task's run begins without a mark, as its claim brings the task", async () => {
  await using app = await openWitness()
  const { id } = await app.prisma.task.schedule('witness')
  const run = await app.prisma.task.runNow({ id })
  await app.worker().drain()
  expect(app.seen).toEqual([false])
  expect(await app.run(run.id)).toMatchObject({ state: 'succeeded', startedAt: app.clock.now() })
})

test('a run of a task with much userdata is marked before it begins, as the task is read then', async () => {
  await using app = await openWitness()
  const { id } = await app.prisma.task.schedule('witness', { userdata: { text: 'x'.repeat(2_000) } })
  await app.prisma.task.runNow({ id })
  await app.worker().drain()
  expect(app.seen).toEqual([true])
})

test('of runs of one task that are claimed together, only the first begins without a mark', async () => {
  await using app = await openWitness()
  const { id } = await app.prisma.task.schedule('witness')
  for (const _run of [1, 2, 3]) await app.prisma.task.runNow({ id })
  await app.worker().drain()
  expect(app.seen.toSorted()).toEqual([false, true, true])
})

/** A worker with one slot that has claimed, after quick runs, one that goes on and one that waits behind it. */
async function openWaiting() {
  const work = held()
  const app = await openTestApp({ quick: () => undefined, work: work.callable })
  for (const path of ['quick', 'quick', 'work'] as const) await app.prisma.task.runOnce(path)
  const waiting = await app.prisma.task.runOnce('quick')
  const worker = app.worker(one)
  await worker.start()
  await work.started.opened
  expect(await app.run(waiting.id)).toMatchObject({ state: 'running', attempt: 1, startedAt: null })
  return Object.assign(app, { work, waiting: waiting.id, running: worker })
}

test('what was claimed and has not begun within a second is given back', async () => {
  await using app = await openWaiting()
  app.clock.advance(999)
  expect(await app.run(app.waiting)).toMatchObject({ state: 'running' })
  app.clock.advance(1)
  await until(async () => (await app.run(app.waiting)).state === 'due')
  expect(await app.run(app.waiting)).toMatchObject({ attempt: 0, startedAt: null, attempts: null })
  app.work.letGo.open()
  await until(async () => (await app.run(app.waiting)).state === 'succeeded')
  expect(await app.run(app.waiting)).toMatchObject({ attempt: 1 })
})

test('what was claimed and has not begun is given back at once when the worker stops', async () => {
  await using app = await openWaiting()
  const stopped = app.running.stop()
  await until(async () => (await app.run(app.waiting)).state === 'due')
  expect(await app.run(app.waiting)).toMatchObject({ attempt: 0, attempts: null })
  app.work.letGo.open()
  await stopped
})

test('a run whose mark the database refuses is given back, and tried again after a pause', async () => {
  await using app = await openWitness()
  const { id } = await app.prisma.task.runOnce('witness', { maxAttempts: 1 })
  await app.base.$executeRaw`
    ALTER TABLE sisy_task_run ADD CONSTRAINT refused CHECK (state <> 'running' OR "startedAt" IS NULL)`
  await app.worker().start()
  const text = 'The start of claimed runs could not be written; they are given back.'
  await until(async () => (await app.run(id)).state === 'due' && app.log.messages.includes(text))
  expect(await app.run(id)).toMatchObject({ attempt: 0 })
  expect(app.seen).toEqual([])
  await app.base.$executeRaw`ALTER TABLE sisy_task_run DROP CONSTRAINT refused`
  app.clock.advance(2_500)
  await until(async () => (await app.run(id)).state === 'succeeded')
  expect(app.seen).toEqual([true])
})

test('a task that was edited while its run waited is read again', async () => {
  const work = held()
  const seen: unknown[] = []
  await using app = await openTestApp({
    quick: () => undefined,
    work: work.callable,
    look: ({ task }: TaskContext) => void seen.push(task.userdata),
  })
  for (const path of ['quick', 'quick', 'work'] as const) await app.prisma.task.runOnce(path)
  const { id } = await app.prisma.task.schedule('look', {
    schedule: '0 0 1 1 *',
    userdata: { edited: false },
  })
  const waiting = await app.prisma.task.runNow({ id })
  const worker = app.worker(one)
  await worker.start()
  await work.started.opened
  expect(await app.run(waiting.id)).toMatchObject({ state: 'running', startedAt: null })
  await app.prisma.task.update({ where: { id }, data: { userdata: { edited: true } } })
  app.clock.advance(201)
  work.letGo.open()
  await until(async () => (await app.run(waiting.id)).state === 'succeeded')
  await worker.stop()
  expect(seen).toEqual([{ edited: true }])
})

test('what was cancelled while it waited does not begin, though no wake-up told of it', async () => {
  await using app = await openWaiting()
  await app.base
    .$executeRaw`UPDATE sisy_task_run SET "cancelRequestedAt" = now() WHERE id = ${app.waiting}::uuid`
  app.clock.advance(201)
  app.work.letGo.open()
  await until(async () => (await app.run(app.waiting)).state !== 'running')
  expect(await app.run(app.waiting)).toMatchObject({ state: 'cancelled' })
})
