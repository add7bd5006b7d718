import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { InvalidTaskError, UnknownCallableError } from '@sisy/core'
import { openTestApp, type TestApp } from './test-app.js'

let app: TestApp
beforeAll(async () => {
  app = await openTestApp()
})
beforeEach(() => app.clear())
afterAll(() => app.close())

/** Enqueues runs that differ from each other, one of each state among those of the task. */
async function variety(): Promise<string> {
  const { id } = await app.prisma.task.schedule('dailyMaintenance', { key: 'k', label: 'Daily' })
  for (const state of ['due', 'scheduled', 'running', 'succeeded', 'failed', 'cancelled']) {
    const run = await app.prisma.task.runNow({ id })
    await app.base.taskRun.update({ where: { id: run.id }, data: { state } })
  }
  const rows = [1, 2].map((months) => app.base.subscription.create({ data: { plan: 'basic', months } }))
  for (const { id: record } of await Promise.all(rows)) {
    await app.prisma.task.runOnce('subscription.ping', { record: { id: record }, queue: 'other' })
  }
  await app.prisma.task.runOnce('sendEmail', { userdata: { to: 'a' }, uniqueKey: 'mail', label: 'Mail' })
  await app.prisma.task.runOnce('sendEmail', { userdata: { to: 'b' } })
  return id
}

test.each([
  ['the key of a task', { key: 'k' }, { cancelled: 2, requested: 1 }],
  ['a unique key', { uniqueKey: 'mail' }, { cancelled: 1, requested: 0 }],
  ['a callable', { callable: 'sendEmail' }, { cancelled: 2, requested: 0 }],
  ['a method, of any record', { callable: 'subscription.ping' }, { cancelled: 2, requested: 0 }],
  ['a queue', { queue: 'other' }, { cancelled: 2, requested: 0 }],
  ['a label', { label: 'Daily' }, { cancelled: 2, requested: 1 }],
  ['several, which all hold', { label: 'Mail', queue: 'default' }, { cancelled: 1, requested: 0 }],
  ['several, of which one does not hold', { label: 'Mail', queue: 'other' }, { cancelled: 0, requested: 0 }],
  ['nothing that is there', { key: 'nope', queue: 'other' }, { cancelled: 0, requested: 0 }],
] as const)('cancels by %s', async (_, where, expected) => {
  await variety()
  expect(await app.prisma.task.cancel(where)).toEqual(expected)
  const unfinished = await app.base.taskRun.count({ where: { state: { in: ['due', 'scheduled'] } } })
  expect(unfinished).toBe(6 - expected.cancelled)
  expect(await app.base.taskRun.count({ where: { NOT: { cancelRequestedAt: null } } })).toBe(
    expected.requested,
  )
  expect(await app.base.taskRun.count({ where: { state: 'cancelled', finishedAt: null } })).toBe(1)
  // What was asked to end is not asked again.
  expect(await app.prisma.task.cancel(where)).toEqual({ cancelled: 0, requested: 0 })
})

test('cancels by the id of a task, and frees the key', async () => {
  const taskId = await variety()
  expect(await app.prisma.task.cancel({ taskId })).toEqual({ cancelled: 2, requested: 1 })
  await app.prisma.task.cancel({ uniqueKey: 'mail' })
  const again = { userdata: { to: 'a' }, uniqueKey: 'mail' }
  expect(await app.prisma.task.runOnce('sendEmail', again)).not.toBeNull()
})

test('cancels by a method of one record', async () => {
  await variety()
  const { id } = await app.base.subscription.findFirstOrThrow({ where: { months: 2 } })
  const where = { callable: 'subscription.ping', record: { id } } as const
  expect(await app.prisma.task.cancel(where)).toEqual({ cancelled: 1, requested: 0 })
  expect(
    await app.base.taskRun.findMany({ where: { modelName: 'Subscription', state: 'due' } }),
  ).toHaveLength(1)
})

test('cancels more than one statement takes, in the transaction of the caller', async () => {
  await app.base.$executeRaw`
    INSERT INTO sisy_task_run (label, callable, state) SELECT 'x', 'sendEmail', 'due' FROM generate_series(1, 1500)`
  await app.base.$executeRaw`
    INSERT INTO sisy_task_run (label, callable, state) SELECT 'x', 'sendEmail', 'running' FROM generate_series(1, 1500)`
  const stop = new Error('rolled back')
  const rolledBack = app.prisma.$transaction(async (tx) => {
    expect(await tx.task.cancel({ label: 'x' })).toEqual({ cancelled: 1500, requested: 1500 })
    throw stop
  })
  await expect(rolledBack).rejects.toBe(stop)
  expect(await app.prisma.task.cancel({ label: 'x' })).toEqual({ cancelled: 1500, requested: 1500 })
})

test.each([
  [{}, /^where is {}, but cancel\(\) cancels nothing it was not told to; give at least one of taskId, key,/],
  [{ taskId: undefined }, /^taskId is undefined, but cancel\(\) .* give the id of a task\.$/],
  [{ taskId: undefined, queue: 'default' }, /^taskId is undefined/],
  [{ taskId: 'no uuid' }, /^taskId is 'no uuid'/],
  [{ key: null }, /^key is null/],
  [{ uniqueKey: '' }, /^uniqueKey is ''/],
  [{ queue: { contains: 'x' } }, /^queue is { contains: 'x' }/],
  [{ label: 'a\0' }, /^label is /],
  [{ record: { id: 1 } }, /^record is { id: 1 }.* give the callable too/],
  [{ quue: 'x' }, /^"quue" names no runs\. Did you mean "queue"\? Known: taskId,/],
])('refuses %p, and cancels nothing', async (where, message) => {
  await variety()
  const refused = app.prisma.task.cancel(where as { queue: string })
  await expect(refused).rejects.toThrow(message)
  await expect(refused).rejects.toThrow(InvalidTaskError)
  expect(await app.base.taskRun.count({ where: { state: 'due' } })).toBe(5)
})

test('refuses a callable that is not registered', async () => {
  const where = { callable: 'nope' } as unknown as { callable: 'sendEmail' }
  await expect(app.prisma.task.cancel(where)).rejects.toThrow(UnknownCallableError)
})
