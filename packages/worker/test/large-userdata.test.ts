import { describe, expect, test } from '@jest/globals'
import { InvalidTaskError, type TaskContext } from '@sisy/core'
import { openTestApp } from './test-app.js'

const mebibyte = 1024 ** 2
const reason =
  /^Its userdata is \d+ MB or more, above the 32 MB that workers fetch\. Make it smaller, then retry the run\.$/
const work = ({ task }: TaskContext): string => Object.keys(task.userdata).join()

/** Texts in SQL: one that compresses to nearly nothing, and one that does not. */
const large = {
  repeated: `repeat('x', ${40 * mebibyte})`,
  random: `(SELECT string_agg(md5(n::text), '') FROM generate_series(1, ${(40 * mebibyte) / 32}) AS n)`,
}

describe('userdata that plain SQL made too large', () => {
  test.each(Object.entries(large))('ends its run at once, and stops no other (%s)', async (_, text) => {
    await using app = await openTestApp({ work })
    const { id } = await app.prisma.task.runOnce('work')
    const other = await app.prisma.task.runOnce('work', { userdata: { a: 1 } })
    await app.base.$executeRawUnsafe(
      `UPDATE sisy_task_run SET userdata = jsonb_build_object('text', ${text}) WHERE id = '${id}'`,
    )
    const worker = app.worker()
    await worker.drain()
    expect(
      await app.base.taskRun.findUniqueOrThrow({ where: { id }, omit: { userdata: true } }),
    ).toMatchObject({
      state: 'failed',
      attempt: 1,
      attempts: [{ cause: 'discard', reason: expect.stringMatching(reason) }],
    })
    expect(await app.prisma.task.result(other)).toBe('a')
    await app.base.taskRun.update({ where: { id }, data: { userdata: { b: 1 } } })
    await app.prisma.task.retry(id)
    await worker.drain()
    expect(await app.prisma.task.result(id)).toBe('b')
  })

  test('of a task ends its runs, until it is made smaller', async () => {
    await using app = await openTestApp({ work })
    const task = await app.prisma.task.schedule('work', { schedule: '0 0 1 1 *' })
    const first = await app.prisma.task.runNow({ id: task.id })
    await app.base.$executeRawUnsafe(
      `UPDATE sisy_task SET userdata = jsonb_build_object('text', ${large.repeated})`,
    )
    const worker = app.worker()
    await worker.drain()
    expect(await app.run(first.id)).toMatchObject({ state: 'failed', attempts: [{ cause: 'discard' }] })
    const second = await app.prisma.task.runNow({ id: task.id })
    await app.prisma.task.update({ where: { id: task.id }, data: { userdata: { small: true } } })
    await worker.drain()
    // What the task has counts, not the copy that was taken of it.
    expect(await app.prisma.task.result(second)).toBe('small')
  })
})

test('much userdata is claimed in parts that fit in memory', async () => {
  await using app = await openTestApp({ work })
  await app.base.$executeRawUnsafe(`
    INSERT INTO sisy_task_run (label, callable, userdata)
    SELECT 'x', 'work', jsonb_build_object('text', repeat('x', ${8 * mebibyte})) FROM generate_series(1, 10)`)
  await app.worker({ worker: { concurrency: 50 } }).drain()
  const claims = await app.base.taskRun.groupBy({ by: ['leaseToken'], _count: true })
  expect(claims.map(({ _count }) => _count).toSorted()).toEqual([2, 4, 4])
  expect(await app.base.taskRun.count({ where: { state: 'succeeded' } })).toBe(10)
})

describe('more than 16 MB of userdata', () => {
  const userdata = { text: 'x'.repeat(16 * mebibyte) }
  const message = /^userdata is 17 MB of JSON; give at most 16 MB\. Keep what is large in a table/

  test('is refused by whatever writes it', async () => {
    await using app = await openTestApp({ work })
    const { task } = app.prisma
    for (const writes of [
      () => task.runOnce('work', { userdata }),
      () => task.schedule('work', { userdata }),
      () => task.create({ data: { label: 'x', callable: 'work', userdata } }),
    ]) {
      await expect(writes()).rejects.toThrow(message)
      await expect(writes()).rejects.toThrow(InvalidTaskError)
    }
    expect(await app.base.taskRun.count()).toBe(0)
  })

  test('is refused by save()', async () => {
    await using app = await openTestApp({
      grow: async ({ task }: TaskContext) => {
        task.userdata = userdata
        await task.save()
      },
    })
    const run = await app.prisma.task.runOnce('grow', { maxAttempts: 1 })
    await app.worker().drain()
    expect(await app.run(run.id)).toMatchObject({
      state: 'failed',
      userdata: {},
      attempts: [{ error: { message: expect.stringMatching(message) } }],
    })
  })
})
