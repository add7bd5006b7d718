import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { NotFoundError, RunAlreadyActive, RunFailedError, RunStateError } from '@sisy/core'
import { dailyMaintenance, openTestApp, sendEmail, type TestApp } from './test-app.js'

const nobody = '018f2f6e-0000-7000-8000-000000000000'

let app: TestApp
beforeAll(async () => {
  app = await openTestApp()
})
beforeEach(() => app.clear())
afterAll(() => app.close())

describe('runNow', () => {
  test('enqueues a run of a task by id or key, and leaves its plan alone', async () => {
    const task = await app.prisma.task.schedule(sendEmail, { key: 'k', userdata: { to: 'x' }, iterations: 2 })
    const byId = await app.prisma.task.runNow({ id: task.id })
    const byKey = await app.prisma.task.runNow({ key: 'k' })
    expect(await app.runs()).toMatchObject([
      { ...byId, taskId: task.id, callable: 'sendEmail', userdata: { to: 'x' }, state: 'due' },
      { ...byKey, taskId: task.id },
    ])
    expect(await app.tasks()).toMatchObject([{ nextRun: task.nextRun, iterations: 2, lastRun: null }])
  })

  test('refuses a second run without overlap, and an unknown task', async () => {
    await app.prisma.task.schedule(dailyMaintenance, { key: 'k', allowOverlap: false })
    await app.prisma.task.runNow({ key: 'k' })
    const refused: unknown = await app.prisma.task.runNow({ key: 'k' }).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(RunAlreadyActive)
    expect(refused).toMatchObject({ facts: { activeKey: (await app.runs())[0]?.activeKey } })
    for (const where of [{ key: 'nope' }, { id: nobody }, { id: 'no uuid' }, { key: 'a\0b' }]) {
      await expect(app.prisma.task.runNow(where)).rejects.toThrow(NotFoundError)
    }
  })

  test('refuses what names no task', async () => {
    for (const where of [null, undefined, 'k', 5, {}]) {
      await expect(app.prisma.task.runNow(where as { key: string })).rejects.toThrow(
        /^A task is named by { id } or { key }; .* was given\.$/,
      )
    }
  })
})

describe('result', () => {
  test('resolves to what the callable returned, once it has', async () => {
    const run = await app.prisma.task.runOnce(dailyMaintenance)
    const result = app.prisma.task.result(run)
    await app.endRun(run.id, 'succeeded', { result: { ok: true } })
    expect(await result).toEqual({ ok: true })
    expect(await app.prisma.task.result(run.id)).toEqual({ ok: true })
  })

  test('rejects with what the last attempt left', async () => {
    const run = await app.prisma.task.runOnce(dailyMaintenance)
    const entry = {
      attempt: 1,
      cause: 'error',
      error: { name: 'Error', message: 'no paper' },
      endedAt: '2030-01-01T00:00:00.000Z',
    }
    await app.endRun(run.id, 'failed', { attempts: [entry] })
    const error: unknown = await app.prisma.task.result(run).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(RunFailedError)
    expect(error).toMatchObject({
      message: `Run ${run.id} failed in attempt 1: no paper`,
      cause: entry,
      facts: { state: 'failed' },
    })
  })

  test('rejects for a cancelled run, and for none', async () => {
    const run = await app.prisma.task.runOnce(dailyMaintenance)
    await app.prisma.task.cancel(run.id)
    await expect(app.prisma.task.result(run)).rejects.toThrow(/was cancelled/)
    await expect(app.prisma.task.result(nobody)).rejects.toThrow(NotFoundError)
    await expect(app.prisma.task.result('no uuid')).rejects.toThrow(NotFoundError)
    // What runOnce() resolves to while its key is held.
    const none = null as unknown as string
    await expect(app.prisma.task.result(none)).rejects.toThrow(/^There is no run null\. Give the id that/)
  })

  test('rejects at once for a run of the same transaction, which nobody sees yet', async () => {
    await app.prisma.$transaction(async (tx) => {
      const run = await tx.task.runOnce(dailyMaintenance)
      await expect(tx.task.result(run)).rejects.toThrow(RunStateError)
    })
  })

  test('refuses what is no option of its', async () => {
    const run = await app.prisma.task.runOnce(dailyMaintenance)
    // @ts-expect-error -- plain JavaScript may give it
    await expect(app.prisma.task.result(run, { timeoutMs: 5 })).rejects.toThrow(
      '"timeoutMs" is no option here. Known: signal.',
    )
    // @ts-expect-error -- plain JavaScript may give it
    await expect(app.prisma.task.result(run, { signal: 5_000 })).rejects.toThrow(
      'signal is 5000; give an AbortSignal, or leave it out.',
    )
  })

  test('ends with the reason of its signal', async () => {
    const run = await app.prisma.task.runOnce(dailyMaintenance)
    const abort = new AbortController()
    const result = app.prisma.task.result(run, { signal: abort.signal })
    abort.abort(new Error('enough'))
    await expect(result).rejects.toThrow('enough')
    await expect(app.prisma.task.result(run, { signal: abort.signal })).rejects.toThrow('enough')
  })
})

describe('cancel', () => {
  test('ends what has not begun, asks what runs, and leaves what has ended', async () => {
    const due = await app.prisma.task.runOnce(dailyMaintenance, { uniqueKey: 'k' })
    const running = await app.prisma.task.runOnce(dailyMaintenance)
    await app.base.taskRun.update({ where: { id: running.id }, data: { state: 'running' } })
    expect(await app.prisma.task.cancel(due!.id)).toBe('cancelled')
    expect(await app.prisma.task.cancel(running.id)).toBe('requested')
    expect(await app.prisma.task.cancel(due!)).toBe('ended')
    expect(await app.runs()).toMatchObject([
      { state: 'cancelled', activeKey: null },
      { state: 'running', cancelRequestedAt: expect.any(Date) },
    ])
    await expect(app.prisma.task.cancel(nobody)).rejects.toThrow(NotFoundError)
  })
})

describe('retry', () => {
  test('makes an ended run due again with all its attempts', async () => {
    const run = await app.prisma.task.runOnce(dailyMaintenance)
    await app.endRun(run.id, 'failed')
    expect(await app.prisma.task.retry(run)).toMatchObject({ id: run.id, state: 'due' })
    expect(await app.runs()).toMatchObject([{ state: 'due', attempt: 0, finishedAt: null }])
  })

  test('refuses an unfinished run, a held key, and no run', async () => {
    const first = await app.prisma.task.runOnce(dailyMaintenance, { uniqueKey: 'k' })
    await expect(app.prisma.task.retry(first!.id)).rejects.toThrow(RunStateError)
    await app.endRun(first!.id, 'failed')
    await app.prisma.task.runOnce(dailyMaintenance, { uniqueKey: 'k' })
    await expect(app.prisma.task.retry(first!.id)).rejects.toThrow(RunAlreadyActive)
    await expect(app.prisma.task.retry(nobody)).rejects.toThrow(NotFoundError)
  })
})
