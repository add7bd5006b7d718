import { afterAll, expect, test } from '@jest/globals'
import { applyMigrations } from '../demo/apply-migrations.js'
import { openApp } from './open-app.js'

const { prisma, targets, location, applied, heartbeat, worker, close } = await openApp()
const { down, isUp, up } = await import('../prisma/data-migrations/watch-status-page.js')

afterAll(close)

test('SQL migrations are applied once', async () => {
  expect(applied).toEqual(['0_init'])
  expect(await applyMigrations(location)).toEqual([])
})

test('SQL migrations keep to the schema they are given', async () => {
  const elsewhere = { ...location, schema: 'else"where' }
  expect(await applyMigrations(elsewhere)).toEqual(['0_init'])
  expect(await prisma.$queryRaw`SELECT id FROM "else""where"."Site"`).toEqual([])
})

test('the data migration adds a site with a task bound to it, which runs; its reverse takes away both', async () => {
  expect(await isUp(prisma)).toBe(false)
  await prisma.$transaction((tx) => up(tx, targets.urls.fast))
  expect(await isUp(prisma)).toBe(true)
  await heartbeat.tick()
  await worker.drain()
  const site = await prisma.site.findUniqueOrThrow({
    where: { name: 'Status page' },
    include: { checks: true },
  })
  expect(site).toMatchObject({ state: 'up', checks: [{ status: 200 }] })

  const task = await prisma.task.findFirstOrThrow({ where: { label: 'Check Status page' } })
  const left = await prisma.task.runNow({ id: task.id })
  await prisma.$transaction(down)
  expect(await isUp(prisma)).toBe(false)
  expect(await prisma.site.count()).toBe(0)
  expect(await prisma.taskRun.findUniqueOrThrow({ where: { id: left.id } })).toMatchObject({
    state: 'cancelled',
    taskId: null,
  })
})
