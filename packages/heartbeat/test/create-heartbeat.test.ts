import { describe, expect, test } from '@jest/globals'
import { systemClock } from '@sisy/core/internal'
import { setImmediate } from 'node:timers/promises'
import { openTestApp } from './test-app.js'

/** Far enough that what an app plans by the database's clock is due by this one, which stands still. */
const ahead = () => new Date(systemClock.now().getTime() + 600_000)

describe('a started heartbeat', () => {
  test('is woken by a task that is planned, and by a run that is delayed', async () => {
    await using app = await openTestApp(ahead())
    const heartbeat = app.heartbeat()
    await heartbeat.start()
    const states = async () => (await app.base.taskRun.findMany()).map(({ state }) => state)
    await app.prisma.task.schedule('work', { schedule: '0 0 1 1 *', waitForSchedule: false })
    while ((await states()).length < 1);
    const delayUntil = new Date(systemClock.now().getTime() + 300_000)
    await app.prisma.task.runOnce('work', { delayUntil })
    while ((await states()).join() !== 'due,due');
    await heartbeat.stop()
  })

  test('makes sure of the tasks it is told, however often', async () => {
    await using app = await openTestApp(systemClock.now())
    const tasks = [
      { callable: 'work', key: 'a' },
      {
        callable: 'work',
        key: 'b',
        schedule: '5 4 * * *',
        timezone: 'Asia/Tokyo',
        userdata: { n: 1 },
        label: 'B',
      },
    ]
    const options = { tasks, defaultSchedule: '7 * * * *', timezone: 'Europe/Madrid' }
    await Promise.all([
      app.heartbeat(options).once(),
      app.heartbeat(options).start(),
      app.heartbeat(options).start(),
    ])
    expect(await app.base.task.findMany({ orderBy: { key: 'asc' } })).toEqual([
      expect.objectContaining({ key: 'a', schedule: '7 * * * *', timezone: 'Europe/Madrid' }),
      expect.objectContaining({
        key: 'b',
        schedule: '5 4 * * *',
        timezone: 'Asia/Tokyo',
        userdata: { n: 1 },
      }),
    ])
  })

  test('goes on after the database ended every session', async () => {
    await using app = await openTestApp()
    const heartbeat = app.heartbeat({ clock: systemClock, heartbeat: { frequency: 0.1 } })
    await heartbeat.start()
    await app.base.$queryRaw`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()`
    await app.prisma.task.schedule('work', { schedule: '0 0 1 1 *', waitForSchedule: false })
    while ((await app.base.taskRun.count()) < 1);
    await heartbeat.stop()
  })

  test('is stopped safely, twice or before its start, and leaves nothing behind', async () => {
    const resources = () =>
      process
        .getActiveResourcesInfo()
        .filter((kind) => kind !== 'Immediate')
        .sort()
    await using app = await openTestApp()
    await app.base.$disconnect()
    const before = resources()
    await app.heartbeat().stop()
    const heartbeat = app.heartbeat({ clock: systemClock })
    await heartbeat.start()
    await Promise.all([heartbeat.stop(), heartbeat.stop()])
    await heartbeat.stop()
    await app.base.$disconnect()
    // A closed socket goes a moment after its connection.
    while (resources().join() !== before.join()) await setImmediate()
  })

  test('refuses a setting that is not accepted', async () => {
    await using app = await openTestApp()
    expect(() => app.heartbeat({ heartbeat: { frequency: 0 } })).toThrow(
      'The setting heartbeat.frequency is 0 (from createHeartbeat()); accepted is a number of seconds from 0.1 to 3600.',
    )
  })
})

describe('as Sisy documents it', () => {
  test('runIterations runs as fast as the heartbeat allows, then its task is gone', async () => {
    await using app = await openTestApp(systemClock.now())
    const { id, nextRun } = await app.prisma.task.runIterations('work', { iterations: 3 })
    const heartbeat = app.heartbeat()
    app.clock.set(nextRun ?? '')
    for (const stamped of [1, 1, 1, 0]) {
      expect(await heartbeat.tick()).toMatchObject({ stamped })
      app.clock.advance(60_000)
    }
    expect(await app.task(id)).toMatchObject({ nextRun: null, problem: null })
    await app.endRuns()
    await heartbeat.tick()
    expect(await app.base.task.count()).toBe(0)
    expect(app.log.messages.filter((message) => message.includes('at most every'))).toEqual([])
  })

  test('runIterations at once or delayed', async () => {
    await using app = await openTestApp(systemClock.now())
    const delayUntil = new Date(app.clock.now().getTime() + 600_000)
    await app.prisma.task.runIterations('work', { label: 'delayed', delayUntil })
    const options = { label: 'at once', runImmediately: true, schedule: '0 0 1 1 *' }
    const { nextRun } = await app.prisma.task.runIterations('work', options)
    app.clock.set(nextRun ?? '')
    const heartbeat = app.heartbeat()
    const labels = async () =>
      (await app.base.taskRun.findMany({ orderBy: { id: 'asc' } })).map(({ label }) => label)
    await heartbeat.tick()
    expect(await labels()).toEqual(['at once'])
    app.clock.set(new Date(delayUntil.getTime() - 1))
    await heartbeat.tick()
    expect(await labels()).toEqual(['at once'])
    app.clock.set(new Date(delayUntil.getTime() + 1_000))
    await heartbeat.tick()
    expect(await labels()).toEqual(['at once', 'delayed'])
  })

  test('runOnce with delayUntil is not due before', async () => {
    await using app = await openTestApp(systemClock.now())
    const delayUntil = new Date(app.clock.now().getTime() + 3 * 86_400_000)
    await app.prisma.task.runOnce('work', { delayUntil })
    const heartbeat = app.heartbeat()
    app.clock.set(new Date(delayUntil.getTime() - 1))
    expect(await heartbeat.tick()).toMatchObject({ promoted: 0, pauseMs: 1 })
    app.clock.advance(1)
    expect(await heartbeat.tick()).toMatchObject({ promoted: 1 })
    expect(await app.base.taskRun.findMany()).toEqual([
      expect.objectContaining({ state: 'due', dueAt: delayUntil }),
    ])
  })
})
