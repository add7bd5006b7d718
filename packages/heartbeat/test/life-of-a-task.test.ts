import { describe, expect, test } from '@jest/globals'
import {
  InvalidScheduleError,
  InvalidTaskError,
  InvalidTimezoneError,
  type SisyError,
  type TaskOptions,
} from '@sisy/core'
import { at, day, openLife } from './task-life.js'

const hourly = '0 * * * *'

const never: [options: Omit<TaskOptions, 'backoff'>, error: new (...args: never[]) => SisyError][] = [
  [{ schedule: '0 0 31 2 *' }, InvalidScheduleError],
  [{ schedule: '61 * * * *' }, InvalidScheduleError],
  [{ timezone: '+02:00' }, InvalidTimezoneError],
  [{ misfire: 'all', allowOverlap: false }, InvalidTaskError],
  [{ misfireLimit: 0 }, InvalidTaskError],
  [{ iterations: -1 }, InvalidTaskError],
  [{ endRunning: `${day}T10:00:00` }, InvalidTaskError],
  [{ startRunning: `${day}T10:00:00Z`, endRunning: `${day}T12:00:00+02:00` }, InvalidTaskError],
]
test.each(never)('a task with %p is refused before it is written', async (options, error) => {
  await using life = await openLife(`${day}T10:00Z`)
  const { task } = life.prisma
  await expect(task.schedule('work', options)).rejects.toThrow(error)
  expect(() => task.withCallable('work', options)).toThrow(error)
  const data = { label: 'work', callable: 'work', ...options }
  await expect(task.create({ data })).rejects.toThrow(error)
  expect(await life.base.task.count()).toBe(0)
})

describe('the first run', () => {
  test('waits for the schedule', async () => {
    await using life = await openLife(`${day}T10:20Z`)
    await life.create({ schedule: hourly })
    await life.live(`${day}T12:30Z`)
    expect(life.ran).toEqual(at('11:00', '12:00'))
  })

  test('comes at once with waitForSchedule false, and counts as an iteration; runNow does not', async () => {
    await using life = await openLife(`${day}T10:20Z`)
    const { id } = await life.create({ schedule: hourly, waitForSchedule: false, iterations: 3 })
    await life.live(`${day}T10:40Z`)
    expect(life.ran).toEqual(at('10:20'))
    expect(await life.task(id)).toMatchObject({ iterations: 2, nextRun: new Date(`${day}T11:00Z`) })

    await life.prisma.task.runNow({ id })
    await life.live(`${day}T10:50Z`)
    expect(life.ran).toHaveLength(2)
    expect(await life.task(id)).toMatchObject({ iterations: 2, nextRun: new Date(`${day}T11:00Z`) })

    await life.live(`${day}T15:00Z`)
    expect(life.ran.filter((_, i) => i !== 1)).toEqual(at('10:20', '11:00', '12:00'))
    expect(await life.task(id)).toBeNull()
  })

  test('comes at once only until there was a run', async () => {
    await using life = await openLife(`${day}T10:20Z`)
    const { id } = await life.create({ schedule: hourly, waitForSchedule: false })
    await life.live(`${day}T10:30Z`)
    await life.prisma.task.update({ where: { id }, data: { schedule: '15 * * * *' } })
    await life.live(`${day}T12:00Z`)
    expect(life.ran).toEqual(at('10:20', '11:15'))
  })

  test('does not come before startRunning', async () => {
    await using life = await openLife(`${day}T10:20Z`)
    const startRunning = `${day}T13:30:00Z`
    await life.prisma.task.schedule('work', { schedule: hourly, startRunning })
    await life.live(`${day}T15:10Z`)
    expect(life.ran).toEqual(at('14:00', '15:00'))
  })

  test('comes at startRunning itself with waitForSchedule false', async () => {
    await using life = await openLife(`${day}T10:20Z`)
    const startRunning = `${day}T13:30:00Z`
    await life.prisma.task.schedule('work', { schedule: hourly, startRunning, waitForSchedule: false })
    await life.live(`${day}T15:10Z`)
    expect(life.ran).toEqual(at('13:30', '14:00', '15:00'))
  })
})

describe('the last run', () => {
  test('lies before endRunning, and the task goes', async () => {
    await using life = await openLife(`${day}T10:20Z`)
    const { id } = await life.create({ schedule: hourly, endRunning: `${day}T13:00:00Z` })
    await life.live(`${day}T12:59Z`)
    expect(life.ran).toEqual(at('11:00', '12:00'))
    expect(await life.task(id)).toBeNull()
    await life.live(`${day}T15:00Z`)
    expect(life.ran).toHaveLength(2)
  })

  test('is the last iteration, and the task goes', async () => {
    await using life = await openLife(`${day}T10:20Z`)
    const { id } = await life.create({ schedule: hourly, iterations: 3 })
    await life.live(`${day}T12:30Z`)
    expect(await life.task(id)).toMatchObject({ iterations: 1 })
    await life.live(`${day}T15:00Z`)
    expect(life.ran).toEqual(at('11:00', '12:00', '13:00'))
    expect(await life.task(id)).toBeNull()
    expect(await life.base.taskRun.findMany({ select: { taskId: true, state: true } })).toEqual(
      Array.from({ length: 3 }, () => ({ taskId: null, state: 'succeeded' })),
    )
  })

  test('is the last before endRunning when iterations are left', async () => {
    await using life = await openLife(`${day}T10:20Z`)
    const { id } = await life.create({ schedule: hourly, iterations: 5, endRunning: `${day}T12:30:00Z` })
    await life.live(`${day}T15:00Z`)
    expect(life.ran).toEqual(at('11:00', '12:00'))
    expect(await life.task(id)).toBeNull()
  })

  test('may fail: retries are no iterations, and the task goes when the last has ended', async () => {
    await using life = await openLife(`${day}T10:20Z`)
    const { id } = await life.create({
      schedule: hourly,
      iterations: 2,
      maxAttempts: 3,
      userdata: { failures: 3 },
    })
    await life.live(`${day}T11:30Z`)
    expect(life.ran).toHaveLength(3)
    expect(await life.task(id)).toMatchObject({ iterations: 1, lastRun: new Date(`${day}T11:00Z`) })

    life.clock.set(`${day}T12:00Z`)
    await life.tick()
    await life.tick()
    expect(await life.task(id)).toMatchObject({ nextRun: null, endedAt: new Date(`${day}T12:00Z`) })

    await life.live(`${day}T15:00Z`)
    expect(life.ran).toHaveLength(6)
    expect(await life.base.taskRun.count({ where: { state: 'failed', attempt: 3 } })).toBe(2)
    expect(await life.task(id)).toBeNull()
  })
})

describe('a paused task', () => {
  test('misses nothing, and goes on when it is resumed', async () => {
    await using life = await openLife(`${day}T09:50Z`)
    const { id } = await life.create({ schedule: hourly, misfire: 'all', iterations: 3 })
    await life.live(`${day}T10:30Z`)
    await life.prisma.task.update({ where: { id }, data: { enabled: false } })
    await life.live(`${day}T13:30Z`)
    expect(await life.task(id)).toMatchObject({ nextRun: null, iterations: 2 })
    await life.prisma.task.update({ where: { id }, data: { enabled: true } })
    await life.live(`${day}T20:00Z`)
    expect(life.ran).toEqual(at('10:00', '14:00', '15:00'))
  })

  test('misses nothing either while no heartbeat saw it being paused and resumed', async () => {
    await using life = await openLife(`${day}T09:50Z`)
    const { id } = await life.create({ schedule: hourly, misfire: 'all' })
    await life.live(`${day}T10:30Z`)
    await life.prisma.task.update({ where: { id }, data: { enabled: false } })
    life.clock.set(`${day}T13:30Z`)
    await life.prisma.task.update({ where: { id }, data: { enabled: true } })
    await life.live(`${day}T14:30Z`)
    expect(life.ran).toEqual(at('10:00', '14:00'))
  })

  test('misses nothing when plain SQL pauses and resumes it', async () => {
    await using life = await openLife(`${day}T09:50Z`)
    const { id } = await life.create({ schedule: hourly, misfire: 'all' })
    await life.live(`${day}T10:30Z`)
    await life.base.$executeRaw`UPDATE sisy_task SET enabled = false WHERE id = ${id}::uuid`
    await life.live(`${day}T13:30Z`)
    await life.base.$executeRaw`UPDATE sisy_task SET enabled = true WHERE id = ${id}::uuid`
    await life.live(`${day}T14:30Z`)
    expect(life.ran).toEqual(at('10:00', '14:00'))
  })

  test('leaves what was stamped before', async () => {
    await using life = await openLife(`${day}T10:00Z`)
    const { id } = await life.create({ schedule: hourly, waitForSchedule: false })
    await life.tick()
    await life.prisma.task.update({ where: { id }, data: { enabled: false } })
    await life.live(`${day}T12:00Z`)
    expect(life.ran).toEqual(at('10:00'))
  })
})

describe('runOnce', () => {
  test('runs once, and leaves no task', async () => {
    await using life = await openLife(`${day}T10:00Z`)
    await life.prisma.task.runOnce('work')
    await life.live(`${day}T12:00Z`)
    expect(life.ran).toHaveLength(1)
    expect(await life.base.task.count()).toBe(0)
  })

  test('waits until delayUntil', async () => {
    await using life = await openLife(`${day}T10:00Z`)
    await life.prisma.task.runOnce('work', { delayUntil: `${day}T13:07:30Z` })
    await life.live(`${day}T13:07:29Z`)
    expect(life.ran).toEqual([])
    await life.live(`${day}T13:07:30Z`)
    expect(life.ran).toEqual(at('13:07:30'))
  })
})

describe('runIterations', () => {
  const delayUntil = `${day}T10:07:00Z`

  test('goes as fast as the heartbeat allows, without a warning', async () => {
    await using life = await openLife(`${day}T10:00Z`)
    const { id } = await life.prisma.task.runIterations('work', { iterations: 3, delayUntil })
    await life.live(`${day}T12:00Z`)
    expect(life.ran).toEqual(at('10:07', '10:08', '10:09'))
    expect(await life.task(id)).toBeNull()
    expect(life.log.messages.filter((message) => message.includes('s apart'))).toEqual([])
  })

  test('waits for its schedule after delayUntil', async () => {
    await using life = await openLife(`${day}T10:00Z`)
    await life.prisma.task.runIterations('work', { iterations: 2, schedule: hourly, delayUntil })
    await life.live(`${day}T15:00Z`)
    expect(life.ran).toEqual(at('11:00', '12:00'))
  })

  test('begins at delayUntil with runImmediately, which counts', async () => {
    await using life = await openLife(`${day}T10:00Z`)
    await life.prisma.task.runIterations('work', {
      iterations: 2,
      schedule: hourly,
      delayUntil,
      runImmediately: true,
    })
    await life.live(`${day}T15:00Z`)
    expect(life.ran).toEqual(at('10:07', '11:00'))
  })
})
