import { describe, expect, test } from '@jest/globals'
import { openTestApp } from './test-app.js'

describe('rows written by plain SQL', () => {
  test('are planned by the next tick, with nothing given but what has no default', async () => {
    await using app = await openTestApp('2030-01-01T00:00:10Z')
    await app.base
      .$executeRaw`INSERT INTO sisy_task (label, callable, "modifiedAt") VALUES ('a', 'work', ${app.clock.now()})`
    const heartbeat = app.heartbeat()
    expect(await heartbeat.tick()).toMatchObject({ planned: 1, stamped: 0 })
    expect(await heartbeat.tick()).toMatchObject({ planned: 0 })
    const [task] = await app.base.task.findMany()
    expect(task).toMatchObject({ nextRun: new Date('2030-01-01T00:01:00Z'), timezone: 'UTC', problem: null })
  })

  test('that name an instant within the last period still have it', async () => {
    await using app = await openTestApp('2030-01-01T08:59:50Z')
    await app.insert({ schedule: '0 9 * * *' })
    app.clock.advance(30_000)
    expect(await app.heartbeat().tick()).toMatchObject({ planned: 1, stamped: 1 })
    expect(await app.stamped()).toEqual(['2030-01-01T09:00:00.000Z'])
  })

  const nonsense: Record<string, object> = {
    'a bad schedule': { schedule: 'every day' },
    'a schedule that never comes': { schedule: '0 0 31 2 *' },
    'a bad zone': { timezone: 'Europe/Atlantis' },
    'negative iterations': { iterations: -1 },
    'an unknown misfire': { misfire: 'maybe' },
    'a bad misfire limit': { misfire: 'all', misfireLimit: 0 },
    'negative jitter': { jitterSeconds: -5 },
    'an end before its start': { startRunning: new Date(2e12), endRunning: new Date(1e12) },
  }
  const problems = () =>
    Object.fromEntries(Object.keys(nonsense).map((label) => [label, expect.stringMatching(/.{10}/)]))

  test('that make no sense are left out with their problem, and starve no other', async () => {
    await using app = await openTestApp()
    for (const [label, columns] of Object.entries(nonsense)) await app.insert({ label, ...columns })
    await app.insert({ label: 'good' })
    await app.insert({ label: 'no end', endRunning: null })
    await app.base.$executeRaw`UPDATE sisy_task SET "endRunning" = 'infinity' WHERE label = 'no end'`
    const heartbeat = app.heartbeat()
    expect(await heartbeat.tick()).toMatchObject({ planned: Object.keys(nonsense).length + 2 })
    const told = Object.fromEntries(
      (
        await app.base.$queryRaw<{ label: string; problem: string }[]>`
      SELECT label, problem FROM sisy_task WHERE problem IS NOT NULL`
      ).map(({ label, problem }) => [label, problem]),
    )
    expect(told).toEqual({ ...problems(), 'no end': expect.stringContaining('endRunning') })
    expect(
      app.log.messages.filter((message) => message.includes('is left out until it is edited')),
    ).toHaveLength(Object.keys(told).length)
    app.clock.advance(60_000)
    expect(await heartbeat.tick()).toMatchObject({ planned: 0, stamped: 1, pauseMs: 5_000 })
  })

  test.each(['infinity', '-infinity', '0044-03-15 BC', '12000-01-01'])(
    'that give their last run or their edit as %s are planned once, and starve no other',
    async (instant) => {
      await using app = await openTestApp()
      const ran = await app.insert({ label: 'ran' })
      const edited = await app.insert({ label: 'edited' })
      await app.base
        .$executeRaw`UPDATE sisy_task SET "lastRun" = ${instant}::text::timestamptz WHERE id = ${ran.id}::uuid`
      await app.base
        .$executeRaw`UPDATE sisy_task SET "modifiedAt" = ${instant}::text::timestamptz WHERE id = ${edited.id}::uuid`
      const heartbeat = app.heartbeat()
      expect(await heartbeat.tick()).toMatchObject({ planned: 2 })
      expect(await heartbeat.tick()).toMatchObject({ planned: 0, pauseMs: 5_000 })
      const told = await app.base.$queryRaw`SELECT label, problem, "nextRun" FROM sisy_task ORDER BY label`
      expect(told).toEqual([
        { label: 'edited', problem: null, nextRun: new Date('2030-01-01T00:01:00Z') },
        { label: 'ran', problem: expect.stringContaining('lastRun'), nextRun: null },
      ])
    },
  )

  test.each([
    ['lastRun', 'infinity'],
    ['lastRun', '-infinity'],
    ['nextRun', '0044-03-15 BC'],
  ])(
    'that are due with a %s of %s are left out by the stamp, and starve no other',
    async (column, instant) => {
      await using app = await openTestApp()
      const { id } = await app.insert({ label: 'bad' })
      await app.insert({ label: 'good' })
      const heartbeat = app.heartbeat()
      await heartbeat.tick()
      await app.base.$executeRawUnsafe(
        `UPDATE sisy_task SET "${column}" = $1::text::timestamptz WHERE id = $2::uuid`,
        instant,
        id,
      )
      app.clock.advance(60_000)
      expect(await heartbeat.tick()).toMatchObject({ stamped: 1, pauseMs: 5_000 })
      expect(await app.base.taskRun.findMany()).toEqual([expect.objectContaining({ label: 'good' })])
      expect(await app.task(id)).toMatchObject({ nextRun: null, problem: expect.stringContaining(column) })
    },
  )

  test('that came to make no sense after they were planned are left out by the stamp', async () => {
    await using app = await openTestApp()
    const { id } = await app.insert()
    await app.insert({ label: 'good' })
    const heartbeat = app.heartbeat()
    await heartbeat.tick()
    await app.base.$executeRaw`UPDATE sisy_task SET timezone = 'Mars/Olympus' WHERE id = ${id}::uuid`
    app.clock.advance(60_000)
    expect(await heartbeat.tick()).toMatchObject({ stamped: 1 })
    expect(await app.task(id)).toMatchObject({
      nextRun: null,
      problem: expect.stringContaining('Mars/Olympus'),
    })
  })

  test('are planned again when their timing is edited', async () => {
    await using app = await openTestApp()
    const { id } = await app.insert({ schedule: 'nonsense' })
    const heartbeat = app.heartbeat()
    await heartbeat.tick()
    await app.prisma.task.update({ where: { id }, data: { schedule: '30 * * * *' } })
    expect(await heartbeat.tick()).toMatchObject({ planned: 1 })
    expect(await app.task(id)).toMatchObject({ problem: null, nextRun: new Date('2030-01-01T00:30:00Z') })
    await app.prisma.task.update({ where: { id }, data: { timezone: 'Asia/Kolkata' } })
    await heartbeat.tick()
    expect(await app.task(id)).toMatchObject({ nextRun: new Date('2030-01-01T01:00:00Z') })
  })

  test('that an open transaction holds are waited for without haste', async () => {
    await using app = await openTestApp()
    const { id } = await app.insert()
    const heartbeat = app.heartbeat()
    await app.base.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT FROM sisy_task WHERE id = ${id}::uuid FOR UPDATE`
      expect(await heartbeat.tick()).toMatchObject({ planned: 0, pauseMs: 1_000 })
    })
    expect(await heartbeat.tick()).toMatchObject({ planned: 1, pauseMs: 5_000 })
  })

  test('are not held up by however many others that another transaction holds', async () => {
    await using app = await openTestApp()
    await app.base
      .$executeRaw`INSERT INTO sisy_task (label, callable) SELECT 'held', 'work' FROM generate_series(1, 500)`
    const heartbeat = app.heartbeat()
    await app.base.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT FROM sisy_task FOR UPDATE`
      await app.insert()
      expect(await heartbeat.tick()).toMatchObject({ planned: 1 })
    })
    expect(await heartbeat.tick()).toMatchObject({ planned: 500 })
  })

  test('are told apart from those whose schedule and zone look alike when put together', async () => {
    await using app = await openTestApp()
    const heartbeat = app.heartbeat()
    await app.insert({ schedule: '5 * * * *', timezone: 'UTC' })
    await heartbeat.tick()
    const { id } = await app.insert({ schedule: '* * * *', timezone: 'UTC 5' })
    await heartbeat.tick()
    expect(await app.task(id)).toMatchObject({ nextRun: null, problem: expect.stringContaining('4 fields') })
  })

  test.each(['infinity', '-infinity'])('with a nextRun of %s do no harm', async (instant) => {
    await using app = await openTestApp()
    const { id } = await app.insert()
    await app.insert({ label: 'good' })
    const heartbeat = app.heartbeat()
    await heartbeat.tick()
    await app.base
      .$executeRaw`UPDATE sisy_task SET "nextRun" = ${instant}::text::timestamptz WHERE id = ${id}::uuid`
    app.clock.advance(60_000)
    expect(await heartbeat.tick()).toMatchObject({ stamped: 1, pauseMs: 5_000 })
    expect(await app.base.taskRun.findMany()).toEqual([expect.objectContaining({ label: 'good' })])
  })
})
