import { describe, expect, test } from '@jest/globals'
import { openTestApp } from './test-app.js'

describe('a due task', () => {
  test('is stamped once at each of its instants, whatever else is due', async () => {
    await using app = await openTestApp('2030-01-01T08:59:30Z')
    const hourly = await app.insert({ schedule: '0 * * * *', timezone: 'Europe/Madrid', label: 'hourly' })
    const minutely = await app.insert({ schedule: '* * * * *', label: 'minutely' })
    const daily = await app.insert({ schedule: '30 0 * * *', label: 'daily' })
    const heartbeat = app.heartbeat()
    expect(await heartbeat.tick()).toMatchObject({ planned: 3, stamped: 0, pauseMs: 5_000 })
    app.clock.advance(28_000)
    expect(await heartbeat.tick()).toMatchObject({ stamped: 0, pauseMs: 2_000 })
    app.clock.advance(2_000)
    expect(await heartbeat.tick()).toMatchObject({ stamped: 2 })
    expect(await heartbeat.tick()).toMatchObject({ stamped: 0 })
    app.clock.advance(60_000)
    expect(await heartbeat.tick()).toMatchObject({ stamped: 1 })
    const runs = await app.base.taskRun.findMany({ orderBy: [{ dueAt: 'asc' }, { label: 'asc' }] })
    expect(
      runs.map(({ taskId, label, dueAt, state }) => [taskId, label, dueAt.toISOString(), state]),
    ).toEqual([
      [hourly.id, 'hourly', '2030-01-01T09:00:00.000Z', 'due'],
      [minutely.id, 'minutely', '2030-01-01T09:00:00.000Z', 'due'],
      [minutely.id, 'minutely', '2030-01-01T09:01:00.000Z', 'due'],
    ])
    expect(await app.task(hourly.id)).toMatchObject({
      lastRun: new Date('2030-01-01T09:00:00Z'),
      nextRun: new Date('2030-01-01T10:00:00Z'),
      modifiedAt: hourly.modifiedAt,
    })
    expect(await app.task(daily.id)).toMatchObject({
      lastRun: null,
      nextRun: new Date('2030-01-02T00:30:00Z'),
    })
  })

  test('hands its runs all they need', async () => {
    await using app = await openTestApp()
    const columns = {
      queue: 'mail',
      priority: 7,
      maxAttempts: 2,
      timeoutSeconds: 30,
      onMissingRecord: 'delete',
      modelName: 'Subscription',
      modelKey: { id: 1 },
      userdata: { a: [1, 'é'] },
      backoff: { baseMs: 5 },
    }
    const { id } = await app.insert({ ...columns, waitForSchedule: false })
    await app.heartbeat().tick()
    expect(await app.base.taskRun.findMany()).toEqual([
      expect.objectContaining({
        ...columns,
        taskId: id,
        callable: 'work',
        attempt: 0,
        activeKey: null,
        uniqueKey: null,
      }),
    ])
  })

  test('is stamped once by many heartbeats', async () => {
    await using app = await openTestApp()
    for (let n = 0; n < 300; n += 1) await app.insert({ schedule: '* * * * *' })
    const heartbeats = Array.from({ length: 4 }, () => app.heartbeat())
    await Promise.all(heartbeats.map((heartbeat) => heartbeat.tick()))
    expect(await app.base.task.count({ where: { nextRun: null } })).toBe(0)
    let stamped = 0
    for (let minute = 1; minute <= 3; minute += 1) {
      app.clock.advance(60_000)
      const reports = await Promise.all(heartbeats.map((heartbeat) => heartbeat.tick()))
      stamped += reports.reduce((sum, report) => sum + report.stamped, 0)
      // One that lost the race for a batch says that it comes again.
      stamped += (await heartbeats[0]!.tick()).stamped
      expect(stamped).toBe(300 * minute)
    }
    const each = await app.base.taskRun.groupBy({ by: ['taskId', 'dueAt'], _count: true })
    expect(each).toHaveLength(900)
  })

  test('is made up for once after a time without heartbeat, and no run is lost or doubled after it', async () => {
    await using app = await openTestApp()
    await app.insert({ schedule: '0 * * * *' })
    await app.insert({ schedule: '0 * * * *', misfire: 'all', misfireLimit: 3 })
    await app.insert({ schedule: '0 * * * *', misfire: 'skip' })
    const heartbeat = app.heartbeat()
    await heartbeat.tick()
    app.clock.set('2030-01-01T05:30:00Z')
    expect(await heartbeat.tick()).toMatchObject({ stamped: 4 })
    const at = (hour: number) => `2030-01-01T0${hour}:00:00.000Z`
    expect(await app.stamped()).toEqual([at(1), at(2), at(3), at(5)])
    app.clock.set('2030-01-01T06:00:00Z')
    expect(await heartbeat.tick()).toMatchObject({ stamped: 3 })
  })
})

/** What each statement stamped, as the heartbeat logs it. */
const statements = (messages: readonly string[]) =>
  messages.flatMap((message) => /Stamped \d+ runs of \d+ tasks/.exec(message) ?? [])

test('many tasks that are due at once are stamped by one tick, by statements that grow', async () => {
  await using app = await openTestApp()
  await app.base.$executeRaw`
    INSERT INTO sisy_task (label, callable, schedule, "nextRun")
    SELECT 'work', 'work', (n % 60) || ' 12 * * *', ${app.clock.now()} FROM generate_series(1, 20000) AS n`
  expect(await app.heartbeat().tick()).toMatchObject({ stamped: 20_000, pauseMs: 5_000 })
  // A tick begins with little, so that the first runs start soon.
  const sizes = [250, 250, ...Array<number>(39).fill(500)]
  expect(statements(app.log.messages).toSorted()).toEqual(
    sizes.map((size) => `Stamped ${size} runs of ${size} tasks`).toSorted(),
  )
})

describe('after a long outage', () => {
  test('one statement carries no more runs than fit in memory, and none is lost or doubled', async () => {
    await using app = await openTestApp()
    const columns = { schedule: '* * * * *', misfire: 'all', misfireLimit: 4_000 }
    for (let n = 0; n < 3; n += 1) await app.insert(columns)
    const heartbeat = app.heartbeat()
    await heartbeat.tick()
    app.clock.set('2030-01-05T00:00:30Z')
    expect(await heartbeat.tick()).toMatchObject({ stamped: 12_003 })
    // Which is done with first, they do not say.
    expect(statements(app.log.messages).toSorted()).toEqual([
      'Stamped 4001 runs of 1 tasks',
      'Stamped 8002 runs of 2 tasks',
    ])
    expect(await heartbeat.tick()).toMatchObject({ stamped: 0 })
    expect(await app.base.taskRun.groupBy({ by: ['taskId', 'dueAt'], _count: true })).toHaveLength(12_003)
  })

  test('a task with much to make up for that another transaction holds, holds up no other', async () => {
    await using app = await openTestApp()
    const held = await app.insert({ schedule: '* * * * *', misfire: 'all', misfireLimit: 20_000 })
    await app.insert({ schedule: '0 12 * * *' })
    const heartbeat = app.heartbeat()
    await heartbeat.tick()
    app.clock.set('2030-01-08T12:00:00Z')
    await app.base.$transaction(
      async (tx) => {
        await tx.$queryRaw`SELECT FROM sisy_task WHERE id = ${held.id}::uuid FOR UPDATE`
        expect(await heartbeat.tick()).toMatchObject({ stamped: 2 })
      },
      { timeout: 30_000 },
    )
  })
})

describe('no task runs more often than once per period', () => {
  test.each([
    [60, 5],
    [5, 60],
  ])('of %d s', async (frequency, expected) => {
    await using app = await openTestApp()
    await app.insert({ schedule: '* * * * * *' })
    const heartbeat = app.heartbeat({ heartbeat: { frequency } })
    for (let second = 0; second < 300; second += 1) {
      await heartbeat.tick()
      app.clock.advance(1_000)
    }
    const instants = (await app.stamped()).map((text) => Date.parse(text))
    const gaps = instants.slice(1).map((instant, n) => instant - (instants[n] ?? 0))
    expect(Math.min(...gaps)).toBe(frequency * 1_000)
    expect(instants).toHaveLength(expected)
  })
})

describe('a task', () => {
  test('with iterations runs that often, and is deleted when its last run has ended', async () => {
    await using app = await openTestApp()
    const { id } = await app.insert({ schedule: '* * * * *', iterations: 2 })
    const heartbeat = app.heartbeat()
    await heartbeat.tick()
    app.clock.advance(60_000)
    await heartbeat.tick()
    expect(await app.task(id)).toMatchObject({ iterations: 1, endedAt: null })
    app.clock.advance(60_000)
    expect(await heartbeat.tick()).toMatchObject({ stamped: 1, reaped: 0 })
    expect(await app.task(id)).toMatchObject({ endedAt: app.clock.now(), nextRun: null })
    app.clock.advance(600_000)
    expect(await heartbeat.tick()).toMatchObject({ stamped: 0, planned: 0, reaped: 0 })
    await app.endRuns()
    expect(await heartbeat.tick()).toMatchObject({ reaped: 1 })
    expect(await app.base.task.count()).toBe(0)
    expect(await app.base.taskRun.findMany()).toEqual([
      expect.objectContaining({ taskId: null, state: 'succeeded' }),
      expect.objectContaining({ taskId: null, state: 'succeeded' }),
    ])
  })

  test('with an end does not run at or after it, and goes', async () => {
    await using app = await openTestApp()
    await app.insert({ schedule: '* * * * *', endRunning: new Date('2030-01-01T00:02:00Z') })
    const heartbeat = app.heartbeat()
    for (let minute = 0; minute < 5; minute += 1) {
      await heartbeat.tick()
      app.clock.advance(60_000)
    }
    expect(await app.stamped()).toEqual(['2030-01-01T00:01:00.000Z'])
    await app.endRuns()
    await heartbeat.tick()
    expect(await app.base.task.count()).toBe(0)
  })

  test('with an end before its iterations are used up goes by its end', async () => {
    await using app = await openTestApp()
    await app.insert({ schedule: '* * * * *', iterations: 10, endRunning: new Date('2030-01-01T00:03:00Z') })
    const heartbeat = app.heartbeat()
    for (let minute = 0; minute < 6; minute += 1) {
      await heartbeat.tick()
      await app.endRuns()
      app.clock.advance(60_000)
    }
    expect(await app.stamped()).toHaveLength(2)
    expect(await app.base.task.count()).toBe(0)
  })

  test('with a start does not run before it', async () => {
    await using app = await openTestApp()
    const start = new Date('2030-01-01T00:02:30Z')
    await app.insert({ schedule: '* * * * *', startRunning: start })
    await app.insert({ schedule: '0 0 * * *', startRunning: start, waitForSchedule: false })
    const heartbeat = app.heartbeat()
    for (let half = 0; half < 8; half += 1) {
      await heartbeat.tick()
      app.clock.advance(30_000)
    }
    expect(await app.stamped()).toEqual(['2030-01-01T00:02:30.000Z', '2030-01-01T00:03:00.000Z'])
  })

  test('that does not wait for its schedule runs at once, and then by it', async () => {
    await using app = await openTestApp('2030-01-01T00:10:10Z')
    await app.insert({ schedule: '0 * * * *', waitForSchedule: false })
    const heartbeat = app.heartbeat()
    expect(await heartbeat.tick()).toMatchObject({ planned: 1, stamped: 1 })
    app.clock.set('2030-01-01T01:00:00Z')
    await heartbeat.tick()
    expect(await app.stamped()).toEqual(['2030-01-01T00:10:10.000Z', '2030-01-01T01:00:00.000Z'])
  })

  test('without overlap skips its instants while a run is unfinished, and no iteration is taken', async () => {
    await using app = await openTestApp()
    const { id } = await app.insert({ schedule: '* * * * *', allowOverlap: false, iterations: 5 })
    const heartbeat = app.heartbeat()
    await heartbeat.tick()
    for (const stamped of [1, 0, 0]) {
      app.clock.advance(60_000)
      expect(await heartbeat.tick()).toMatchObject({ stamped })
    }
    expect(await app.task(id)).toMatchObject({
      iterations: 4,
      lastRun: new Date('2030-01-01T00:01:00Z'),
      nextRun: new Date('2030-01-01T00:04:00Z'),
    })
    await expect(app.prisma.task.runNow({ id })).rejects.toMatchObject({ code: 'RUN_ALREADY_ACTIVE' })
    await app.endRuns()
    const { id: now } = await app.prisma.task.runNow({ id })
    app.clock.advance(60_000)
    expect(await heartbeat.tick()).toMatchObject({ stamped: 0 })
    const old = await app.base.taskRun.findFirstOrThrow({ where: { NOT: { id: now } } })
    await expect(app.prisma.task.retry(old.id)).rejects.toMatchObject({ code: 'RUN_ALREADY_ACTIVE' })
    await app.endRuns()
    await app.prisma.task.retry(old.id)
    app.clock.advance(60_000)
    expect(await heartbeat.tick()).toMatchObject({ stamped: 0 })
    await app.endRuns()
    app.clock.advance(60_000)
    expect(await heartbeat.tick()).toMatchObject({ stamped: 1 })
  })

  test.each(['the plugin', 'plain SQL'])('that is disabled and enabled by %s misses nothing', async (by) => {
    await using app = await openTestApp()
    const { id } = await app.insert({ schedule: '30 * * * *' })
    const enable = (enabled: boolean) =>
      by === 'the plugin'
        ? app.prisma.task.update({ where: { id }, data: { enabled } })
        : app.base.$executeRaw`UPDATE sisy_task SET enabled = ${enabled}`
    const heartbeat = app.heartbeat()
    await heartbeat.tick()
    await enable(false)
    app.clock.set('2030-01-01T03:10:00Z')
    expect(await heartbeat.tick()).toMatchObject({ stamped: 0 })
    expect(await app.task(id)).toMatchObject({ nextRun: null })
    expect(await heartbeat.tick()).toMatchObject({ planned: 0 })
    await enable(true)
    expect(await heartbeat.tick()).toMatchObject({ planned: 1, stamped: 0 })
    app.clock.set('2030-01-01T03:30:00Z')
    expect(await heartbeat.tick()).toMatchObject({ stamped: 1 })
    expect(await app.stamped()).toEqual(['2030-01-01T03:30:00.000Z'])
  })
})
