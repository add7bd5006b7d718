import { describe, expect, test } from '@jest/globals'
import { RunAlreadyActive } from '@sisy/core'
import { at, day, openLife } from './task-life.js'

const alone = { schedule: '0 * * * *', allowOverlap: false }

describe('a task that must not overlap', () => {
  test('skips the instants at which its last run has not ended; they are no iterations', async () => {
    await using life = await openLife(`${day}T09:59:50Z`)
    const { id } = await life.create({ ...alone, iterations: 3 })
    await life.tick()
    for (const hour of ['10', '11', '12']) {
      life.clock.set(`${day}T${hour}:00Z`)
      await life.tick()
    }
    expect(await life.base.taskRun.count()).toBe(1)
    expect(await life.task(id)).toMatchObject({
      iterations: 2,
      lastRun: new Date(`${day}T10:00Z`),
      nextRun: new Date(`${day}T13:00Z`),
    })
    await life.live(`${day}T13:30Z`)
    expect(life.ran).toEqual(at('10:00', '13:00'))
  })

  test('is refused runNow while a run is unfinished', async () => {
    await using life = await openLife(`${day}T10:00Z`)
    const { id } = await life.create({ ...alone, waitForSchedule: false })
    await life.tick()
    await expect(life.prisma.task.runNow({ id })).rejects.toThrow(RunAlreadyActive)
    await life.worker.drain()
    await life.prisma.task.runNow({ id })
    expect(await life.base.taskRun.count()).toBe(2)
  })

  test('skips the instants at which a runNow has not ended', async () => {
    await using life = await openLife(`${day}T09:59:50Z`)
    const { id } = await life.create(alone)
    await life.tick()
    await life.prisma.task.runNow({ id })
    life.clock.set(`${day}T10:00Z`)
    expect(await life.tick()).toMatchObject({ stamped: 0 })
    expect(await life.task(id)).toMatchObject({ lastRun: null, nextRun: new Date(`${day}T11:00Z`) })
  })

  test('is refused a retry of an ended run while another is unfinished', async () => {
    await using life = await openLife(`${day}T09:59:50Z`)
    await life.create({ ...alone, maxAttempts: 1, userdata: { failures: 1 } })
    await life.live(`${day}T10:30Z`)
    const failed = await life.base.taskRun.findFirstOrThrow({ where: { state: 'failed' } })
    life.clock.set(`${day}T11:00Z`)
    await life.tick()
    await expect(life.prisma.task.retry(failed.id)).rejects.toThrow(RunAlreadyActive)
    await life.worker.drain()
    expect(await life.prisma.task.retry(failed.id)).toMatchObject({ id: failed.id, state: 'due' })
    expect(life.ran).toEqual(at('10:00', '11:00'))
  })

  test('waits for the retries of a failed attempt, too', async () => {
    await using life = await openLife(`${day}T09:59:50Z`)
    const { id } = await life.create({
      ...alone,
      userdata: { failures: 1 },
      backoff: { baseMs: 7_200_000, maxMs: 7_200_000 },
    })
    await life.live(`${day}T10:00Z`)
    await life.base.taskRun.updateMany({ data: { dueAt: new Date(`${day}T11:30Z`) } })
    await life.live(`${day}T11:15Z`)
    expect(await life.task(id)).toMatchObject({ lastRun: new Date(`${day}T10:00Z`) })
    await life.live(`${day}T12:00Z`)
    expect(life.ran).toEqual(at('10:00', '11:30', '12:00'))
  })
})

test('a task that may overlap runs at every instant', async () => {
  await using life = await openLife(`${day}T09:59:50Z`)
  await life.create({ schedule: '0 * * * *' })
  await life.tick()
  for (const hour of ['10', '11']) {
    life.clock.set(`${day}T${hour}:00Z`)
    await life.tick()
  }
  await life.worker.drain()
  expect(life.ran).toEqual(at('10:00', '11:00'))
})
