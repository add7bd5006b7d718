import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { DatabaseError } from '@sisy/core'
import { dailyMaintenance, openTestApp, type TestApp } from './test-app.js'

let app: TestApp
beforeAll(async () => {
  app = await openTestApp()
})
beforeEach(() => app.clear())
afterAll(() => app.close())

async function taskWithRuns(key: string) {
  const task = await app.prisma.task.schedule(dailyMaintenance, { key })
  for (const state of ['due', 'scheduled', 'running', 'succeeded']) {
    const { id } = await app.prisma.task.runNow({ id: task.id })
    await app.base.taskRun.update({ where: { id }, data: { state } })
  }
  return task
}

describe('delete', () => {
  test('also cancels the runs that have not begun', async () => {
    const task = await taskWithRuns('k')
    expect(await app.prisma.task.delete({ where: { id: task.id } })).toMatchObject({ id: task.id, key: 'k' })
    expect(await app.tasks()).toEqual([])
    const runs = await app.runs()
    expect(runs.map(({ state }) => state)).toEqual(['cancelled', 'cancelled', 'running', 'succeeded'])
    expect(runs.map(({ taskId }) => taskId)).toEqual([null, null, null, null])
  })

  test('gives the row in the shape asked for', async () => {
    await taskWithRuns('a')
    expect(await app.prisma.task.delete({ where: { key: 'a' }, select: { label: true } })).toEqual({
      label: 'dailyMaintenance',
    })
    await taskWithRuns('b')
    const { runs } = await app.prisma.task.delete({ where: { key: 'b' }, include: { runs: true } })
    expect(runs).toHaveLength(4)
    expect(await app.tasks()).toEqual([])
  })

  test('rejects as Prisma does when there is none', async () => {
    const missing = app.prisma.task.delete({ where: { key: 'nope' } })
    await expect(missing).rejects.toMatchObject({ name: 'PrismaClientKnownRequestError', code: 'P2025' })
    await expect(app.prisma.task.delete({ where: {} as { key: string } })).rejects.toMatchObject({
      name: 'PrismaClientValidationError',
    })
  })

  test('does nothing until it is awaited, and then once', async () => {
    const { id } = await app.prisma.task.schedule(dailyMaintenance)
    const deletion = app.prisma.task.delete({ where: { id } })
    expect(await app.tasks()).toHaveLength(1)
    const row = await deletion
    expect(row).toMatchObject({ id })
    expect(await deletion).toBe(row)
    expect(await app.tasks()).toEqual([])
  })
})

describe('deleteMany', () => {
  test('deletes what matches, and cancels the runs that have not begun', async () => {
    await taskWithRuns('a')
    await taskWithRuns('b')
    expect(await app.prisma.task.deleteMany({ where: { key: 'a' } })).toEqual({ count: 1 })
    expect(await app.tasks()).toMatchObject([{ key: 'b' }])
    expect(await app.base.taskRun.count({ where: { state: 'cancelled' } })).toBe(2)
  })

  test('takes a limit, and many tasks', async () => {
    await app.base.task.createMany({
      data: Array.from({ length: 2_100 }, () => ({ label: 'x', callable: 'x' })),
    })
    await expect(app.prisma.task.deleteMany({ limit: -1 })).rejects.toThrow(/^limit is -1;/)
    expect(await app.prisma.task.deleteMany({ limit: 10 })).toEqual({ count: 10 })
    expect(await app.prisma.task.deleteMany()).toEqual({ count: 2_090 })
    expect(await app.prisma.task.deleteMany({})).toEqual({ count: 0 })
  })
})

describe('as a member of $transaction([…])', () => {
  test.each([
    ['delete', () => app.prisma.task.delete({ where: { key: 'k' } })],
    ['deleteMany', () => app.prisma.task.deleteMany()],
  ])('%s is refused, and nothing is written', async (_name, deletion) => {
    await app.prisma.task.schedule(dailyMaintenance, { key: 'k' })
    const create = () => app.prisma.subscription.create({ data: {} })
    const transaction = app.prisma.$transaction([create(), deletion(), create()])
    await expect(transaction).rejects.toThrow(DatabaseError)
    await expect(app.prisma.$transaction([deletion()])).rejects.toThrow(/interactive transaction/)
    expect(await app.tasks()).toHaveLength(1)
    expect(await app.base.subscription.count()).toBe(0)
  })
})
