import { afterAll, expect, test } from '@jest/globals'
import type { TargetName } from '../demo/targets/behaviours.js'
import { openApp } from './open-app.js'

const { prisma, targets, worker, close } = await openApp()
const { watchSite } = await import('../src/watch-site.js')
await worker.start()

afterAll(close)

const watch = (name: string, target: TargetName, more: { timeoutMs?: number; alertUrl?: string } = {}) =>
  watchSite(prisma, { name, url: targets.urls[target], schedule: '0 0 1 1 *', ...more })

/** Has the worker check a site once, and resolves to the answer. */
async function check(id: number) {
  const run = await prisma.task.runOnce('site.check', { record: { id } })
  return prisma.task.result(run)
}

const checksOf = (siteId: number) =>
  prisma.check.findMany({
    where: { siteId },
    orderBy: { at: 'asc' },
    select: { status: true, error: true },
  })
const announcements = (siteId: number) =>
  prisma.taskRun.findMany({ where: { uniqueKey: `outage:${siteId}` }, orderBy: { createdAt: 'asc' } })
const stateOf = async (id: number) => (await prisma.site.findUniqueOrThrow({ where: { id } })).state

test('a fast site is up, with its latency', async () => {
  const { id } = await watch('fast', 'fast')
  const answer = await check(id)
  expect(answer).toEqual({ status: 200, latencyMs: expect.any(Number), error: null })
  expect(await checksOf(id)).toEqual([{ status: 200, error: null }])
  expect(await stateOf(id)).toBe('up')
})

test('a slow site is up after its time', async () => {
  const { id } = await watch('slow', 'slow')
  expect(await check(id)).toMatchObject({ status: 200, error: null })
  expect(await checksOf(id)).toEqual([{ status: 200, error: null }])
})

test('a site slower than it may be gives no answer', async () => {
  const { id } = await watch('too slow', 'slow', { timeoutMs: 50 })
  await check(id)
  expect(await checksOf(id)).toEqual([{ status: null, error: 'no answer within 50 ms' }])
  expect(await stateOf(id)).toBe('failing')
})

test('a flaky site fails now and then, and is never down', async () => {
  const { id } = await watch('flaky', 'flaky')
  for (let request = 1; request <= 3; request++) await check(id)
  expect(await checksOf(id)).toEqual([
    { status: 200, error: null },
    { status: 200, error: null },
    { status: 503, error: 'HTTP 503 Service Unavailable' },
  ])
  expect(await stateOf(id)).toBe('failing')
  await check(id)
  expect(await stateOf(id)).toBe('up')
})

test('a check that is called off says nothing about the site', async () => {
  const { requestSite } = await import('../src/request-site.js')
  const signal = AbortSignal.abort(new Error('called off'))
  await expect(requestSite(targets.urls.fast, { timeoutMs: 1000, signal })).rejects.toThrow('called off')
})

test('an outage is announced once, by a run that survives a failed post', async () => {
  const { id } = await watch('dead', 'down', { alertUrl: targets.urls.alerts })
  await check(id)
  expect(await stateOf(id)).toBe('failing')
  expect(await announcements(id)).toEqual([])
  await Promise.all([check(id), check(id), check(id)])
  expect(await stateOf(id)).toBe('down')
  const [first, ...others] = await announcements(id)
  expect(others).toEqual([])
  expect(await prisma.task.result(first!.id)).toBe('announced')
  const run = await prisma.taskRun.findUniqueOrThrow({ where: { id: first!.id } })
  expect(run).toMatchObject({
    attempt: 2,
    attempts: [{ cause: 'error', error: { message: expect.stringContaining('503') } }],
  })
  await check(id)
  expect(await announcements(id)).toHaveLength(1)
  expect(await checksOf(id)).toEqual(
    Array(5).fill({ status: null, error: expect.stringMatching(/closed|reset/i) }),
  )
})

test('an outage that ends may be announced again', async () => {
  const { id } = await watch('shaky', 'down')
  const site = () => prisma.site.findUniqueOrThrow({ where: { id } })
  const announced = async () => {
    await check(id)
    await check(id)
    const newest = (await announcements(id)).at(-1)
    expect(await prisma.task.result(newest!.id)).toBe('announced')
  }
  await announced()
  await prisma.site.update({ where: { id }, data: { url: targets.urls.fast } })
  await check(id)
  expect(await site()).toMatchObject({ state: 'up', failures: 0, announcedAt: null })
  await prisma.site.update({ where: { id }, data: { url: targets.urls.down } })
  await announced()
  expect(await announcements(id)).toHaveLength(2)
})
