import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { RunAlreadyActive, type SisyTx } from '@sisy/core'
import { dailyMaintenance, openTestApp, sendEmail, type TestApp } from './test-app.js'

let app: TestApp
beforeAll(async () => {
  app = await openTestApp()
})
beforeEach(() => app.clear())
afterAll(() => app.close())

type Tx = SisyTx<TestApp['prisma']>

class Rollback extends Error {}

interface Rows {
  readonly taskId: string
  readonly endedRunId: string
  readonly dueRunId: string
}

const writes: [name: string, write: (tx: Tx, rows: Rows) => Promise<unknown>][] = [
  ['schedule', (tx) => tx.task.schedule(dailyMaintenance)],
  [
    'schedule of an existing key',
    (tx) => tx.task.schedule(dailyMaintenance, { key: 'k', schedule: '1 1 * * *' }),
  ],
  ['runIterations', (tx) => tx.task.runIterations(dailyMaintenance, { iterations: 3 })],
  ['runOnce', (tx) => tx.task.runOnce(sendEmail, { userdata: { to: 'x' } })],
  [
    'runOnceMany',
    (tx) => tx.task.runOnceMany(sendEmail, [{ userdata: { to: 'x' } }, { userdata: { to: 'y' } }]),
  ],
  ['runNow', (tx, { taskId }) => tx.task.runNow({ id: taskId })],
  ['cancel', (tx, { dueRunId }) => tx.task.cancel(dueRunId)],
  ['retry', (tx, { endedRunId }) => tx.task.retry(endedRunId)],
  ['create', (tx) => tx.task.create({ data: tx.task.withCallable(dailyMaintenance) })],
  ['delete', (tx, { taskId }) => tx.task.delete({ where: { id: taskId } })],
  ['deleteMany', (tx) => tx.task.deleteMany()],
  [
    'a method of a row of the transaction',
    async (tx) => tx.task.schedule((await tx.subscription.create({ data: {} })).ping),
  ],
]

async function prepare(): Promise<Rows> {
  const { task } = app.prisma
  const { id } = await task.schedule(dailyMaintenance, { key: 'k' })
  const ended = await task.runOnce(dailyMaintenance)
  await app.endRun(ended.id, 'failed')
  const due = await task.runNow({ id })
  return { taskId: id, endedRunId: ended.id, dueRunId: due.id }
}

const state = async () => ({ tasks: await app.tasks(), runs: await app.runs() })

describe('inside an interactive transaction', () => {
  test.each(writes)('%s is rolled back with it', async (_name, write) => {
    const rows = await prepare()
    const before = await state()
    const transaction = app.prisma.$transaction(async (tx) => {
      await write(tx, rows)
      const seen = { tasks: await tx.task.findMany(), runs: await tx.taskRun.findMany() }
      expect(seen).not.toEqual(before)
      throw new Rollback()
    })
    await expect(transaction).rejects.toThrow(Rollback)
    expect(await state()).toEqual(before)
  })

  test.each(writes)('%s is committed with it', async (_name, write) => {
    const rows = await prepare()
    const before = await state()
    await app.prisma.$transaction((tx) => write(tx, rows))
    expect(await state()).not.toEqual(before)
  })

  test.each(writes)('%s is rolled back on a client extended further', async (_name, write) => {
    const further = app.prisma
      .$extends({ model: { task: { hello: () => 'hello' } } })
      .$extends({ query: { $allOperations: ({ args, query }) => query(args) } })
    const rows = await prepare()
    const before = await state()
    const transaction = further.$transaction(async (tx) => {
      await write(tx, rows)
      throw new Rollback()
    })
    await expect(transaction).rejects.toThrow(Rollback)
    expect(await state()).toEqual(before)
  })

  test('a transaction goes on after a unique key that is held, and after RunAlreadyActive', async () => {
    await app.prisma.task.schedule(dailyMaintenance, { key: 'k', allowOverlap: false })
    await app.prisma.$transaction(async (tx) => {
      await tx.task.runOnce(dailyMaintenance, { uniqueKey: 'u' })
      expect(await tx.task.runOnce(dailyMaintenance, { uniqueKey: 'u' })).toBeNull()
      await tx.task.runNow({ key: 'k' })
      await expect(tx.task.runNow({ key: 'k' })).rejects.toThrow(RunAlreadyActive)
      await tx.subscription.create({ data: { plan: 'after' } })
    })
    expect(await app.base.subscription.count()).toBe(1)
    expect(await app.runs()).toHaveLength(2)
  })

  test('result reads what the transaction sees', async () => {
    await app.prisma.$transaction(async (tx) => {
      const run = await tx.task.runOnce(dailyMaintenance)
      await tx.taskRun.update({ where: { id: run.id }, data: { state: 'succeeded', result: { seen: 1 } } })
      expect(await tx.task.result(run)).toEqual({ seen: 1 })
    })
  })
})

describe('extensions made after the plugin do not see its statements', () => {
  const watched = () => {
    const seen: string[] = []
    const watching = app.prisma.$extends({
      query: {
        $allOperations: ({ operation, args, query }) => {
          seen.push(operation)
          return query(args)
        },
      },
    })
    // Extended once more, so that the watching extension lies between the model and the plugin.
    const further = watching.$extends({ model: {} })
    return { seen, further }
  }

  test('outside a transaction', async () => {
    const { seen, further } = watched()
    const task = await further.task.schedule(dailyMaintenance, { key: 'k' })
    const run = await further.task.runOnce(dailyMaintenance)
    await further.task.cancel(run.id)
    await further.task.runNow({ id: task.id })
    expect(seen).toEqual([])
    expect(await app.runs()).toHaveLength(2)
  })
  test('inside one', async () => {
    const { seen, further } = watched()
    await further.$transaction(async (tx) => {
      await tx.task.schedule(dailyMaintenance)
      await tx.task.runOnce(dailyMaintenance)
    })
    expect(seen).toEqual([])
  })
})

describe('many runs that are enqueued in a transaction', () => {
  const keys = Array.from({ length: 3_000 }, (_, n) => ({ uniqueKey: `key ${n}` }))
  const enqueue = (items: readonly { uniqueKey?: string; label?: string }[]) =>
    app.prisma.$transaction((tx) => tx.task.runOnceMany(dailyMaintenance, items), { timeout: 30_000 })

  test('with the same keys in another order wait for no one who waits for them', async () => {
    const both = await Promise.all([enqueue(keys), enqueue(keys.toReversed())])
    expect(both.flat().filter((run) => run !== null)).toHaveLength(3_000)
    const [first] = both
    const rows = new Map((await app.runs()).map(({ id, uniqueKey }) => [id, uniqueKey]))
    for (const [n, run] of first.entries())
      if (run !== null) expect(rows.get(run.id)).toBe(keys[n]?.uniqueKey)
  })

  test('tell what failed first, not what failed of that', async () => {
    await app.base.$executeRaw`ALTER TABLE sisy_task_run ADD CONSTRAINT polite CHECK (label <> 'rude')`
    const items = Array.from({ length: 12_000 }, (_, n) => ({ label: n === 2_600 ? 'rude' : 'kind' }))
    await expect(enqueue(items)).rejects.toThrow(/polite/)
    await app.base.$executeRaw`ALTER TABLE sisy_task_run DROP CONSTRAINT polite`
    expect(await app.runs()).toEqual([])
  })
})
