import { describe, expect, test } from '@jest/globals'
import type { TaskOptions } from '@sisy/core'
import { at, day, openLife } from './task-life.js'

const hourly = '0 * * * *'

/** Runs of an hourly task that ran at 10:00, until 14:00, when no heartbeat ticked before `back`. */
async function outage(back: string, options: TaskOptions = {}): Promise<string[]> {
  await using life = await openLife(`${day}T09:59:50Z`)
  await life.create({ schedule: hourly, ...options })
  await life.live(`${day}T10:00Z`)
  life.clock.set(`${day}T${back}Z`)
  life.restartHeartbeat()
  await life.live(`${day}T14:00Z`)
  expect(life.ran[0]).toBe(at('10:00')[0])
  return life.ran.slice(1)
}

describe('after an outage of the heartbeat', () => {
  test('once: one run for everything missed, dated with the latest', async () => {
    expect(await outage('13:30')).toEqual(at('13:00', '14:00'))
  })

  test('once: the instant that is on time runs besides', async () => {
    expect(await outage('13:00:59')).toEqual(at('12:00', '13:00', '14:00'))
  })

  test('skip: only what is on time', async () => {
    expect(await outage('13:30', { misfire: 'skip' })).toEqual(at('14:00'))
    expect(await outage('13:01', { misfire: 'skip' })).toEqual(at('13:00', '14:00'))
  })

  test('all: each instant, oldest first', async () => {
    expect(await outage('13:30', { misfire: 'all' })).toEqual(at('11:00', '12:00', '13:00', '14:00'))
  })

  test('all: the oldest within the limit, the rest is dropped', async () => {
    expect(await outage('13:30', { misfire: 'all', misfireLimit: 2 })).toEqual(at('11:00', '12:00', '14:00'))
  })

  test('all: no more than the iterations left', async () => {
    expect(await outage('13:30', { misfire: 'all', iterations: 3 })).toEqual(at('11:00', '12:00'))
  })

  test('nothing older than the window is made up for', async () => {
    const misfireWindow = 100 * 60
    expect(await outage('13:30', { misfire: 'all', misfireWindow })).toEqual(at('12:00', '13:00', '14:00'))
    expect(await outage('13:30', { misfireWindow: 20 * 60 })).toEqual(at('14:00'))
    expect(await outage('13:30', { misfireWindow: 40 * 60 })).toEqual(at('13:00', '14:00'))
  })

  test('nothing is made up for when endRunning has passed', async () => {
    expect(await outage('13:30', { endRunning: `${day}T13:15:00Z` })).toEqual([])
  })

  test('a task that is never to overlap gets one run, whatever was missed', async () => {
    expect(await outage('13:30', { allowOverlap: false })).toEqual(at('13:00', '14:00'))
  })

  test('a first run that was to come at once is not missed', async () => {
    await using life = await openLife(`${day}T10:20Z`)
    const { id } = await life.create({
      schedule: hourly,
      startRunning: `${day}T10:30:00Z`,
      waitForSchedule: false,
      misfire: 'skip',
    })
    await life.tick()
    expect(await life.task(id)).toMatchObject({ nextRun: new Date(`${day}T10:30Z`) })
    life.clock.set(`${day}T12:15Z`)
    await life.live(`${day}T13:00Z`)
    expect(life.ran).toEqual(at('12:15', '13:00'))
  })
})

describe('between two runs', () => {
  test('lies at least one period; nearer instants are dropped', async () => {
    await using life = await openLife(`${day}T10:00Z`)
    await life.create({ schedule: '* * * * * */25' })
    await life.live(`${day}T10:05Z`)
    expect(life.ran).toEqual(at('10:00:25', '10:01:25', '10:02:25', '10:03:25', '10:04:25'))
  })

  test('nearer instants do not count as missed', async () => {
    await using life = await openLife(`${day}T10:00Z`)
    await life.create({ schedule: '* * * * * */25', misfire: 'all' })
    await life.live(`${day}T10:01Z`)
    life.clock.set(`${day}T10:05:20Z`)
    await life.live(`${day}T10:05:20Z`)
    expect(life.ran).toEqual(at('10:00:25', '10:01:25', '10:02:25', '10:03:25', '10:04:25'))
  })

  test('also after an edit', async () => {
    await using life = await openLife(`${day}T09:59:50Z`)
    const { id } = await life.create({ schedule: hourly })
    await life.live(`${day}T10:00:05Z`)
    await life.prisma.task.update({ where: { id }, data: { schedule: '0,2 * * * * 20' } })
    await life.live(`${day}T10:10Z`)
    expect(life.ran).toEqual(at('10:00', '10:02:20'))
  })

  test('the period is that of the heartbeat that stamps', async () => {
    await using life = await openLife(`${day}T10:00Z`)
    life.restartHeartbeat(20)
    await life.create({ schedule: '* * * * * */25' })
    await life.live(`${day}T10:01:30Z`)
    expect(life.ran).toEqual(at('10:00:25', '10:00:50', '10:01:25'))
  })
})

describe('jitter', () => {
  test('is the same after a restart', async () => {
    await using life = await openLife(`${day}T09:59:50Z`)
    const { id } = await life.create({ schedule: hourly, jitterSeconds: 1800 })
    await life.live(`${day}T10:59Z`)
    const columns = { nextRun: new Date(`${day}T10:00Z`), lastRun: null }
    await life.base.task.update({ where: { id }, data: columns })
    life.clock.set(`${day}T10:00Z`)
    life.restartHeartbeat()
    await life.live(`${day}T10:59Z`)
    const [before = '', after] = life.ran
    expect(life.ran).toHaveLength(2)
    expect(after).toBe(before)
    expect(before > at('10:00')[0]! && before < at('10:30')[0]!).toBe(true)
  })

  test('delays each run on its own, never past the next instant, and moves no instant', async () => {
    await using life = await openLife(`${day}T09:59:50Z`)
    const { id } = await life.create({ schedule: '*/2 * * * *', jitterSeconds: 3600 })
    await life.live(`${day}T10:21:59Z`)
    expect(life.ran).toHaveLength(11)
    const delays = life.ran.map((dueAt, n) => Date.parse(dueAt) - Date.parse(`${day}T10:00Z`) - n * 120_000)
    expect(delays.every((delay) => delay >= 0 && delay < 120_000)).toBe(true)
    expect(new Set(delays).size).toBe(11)
    expect(await life.task(id)).toMatchObject({
      lastRun: new Date(`${day}T10:20Z`),
      nextRun: new Date(`${day}T10:22Z`),
    })
  })
})

test('a problem of the misfire columns is mended by editing them', async () => {
  await using life = await openLife(`${day}T09:59:50Z`)
  const { id } = await life.create({ schedule: '0 * * * *', allowOverlap: false })
  await life.tick()
  await life.prisma.task.update({ where: { id }, data: { misfire: 'all' } })
  await life.live(`${day}T10:30Z`)
  expect(await life.task(id)).toMatchObject({ nextRun: null, problem: expect.stringContaining('misfire') })
  await life.prisma.task.update({ where: { id }, data: { misfire: 'once' } })
  await life.live(`${day}T12:30Z`)
  expect(life.ran).toEqual(at('11:00', '12:00'))
})
