import { describe, expect, test } from '@jest/globals'
import { openTestApp } from './test-app.js'

/** Has the database refuse whatever is written to tasks with the label `taboo`. */
async function refuseWrites(base: Awaited<ReturnType<typeof openTestApp>>['base']): Promise<void> {
  await base.$executeRaw`
    CREATE FUNCTION taboo() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'not this one'; END $$`
  await base.$executeRaw`
    CREATE TRIGGER taboo BEFORE UPDATE ON sisy_task FOR EACH ROW WHEN (OLD.label = 'taboo')
    EXECUTE FUNCTION taboo()`
}

describe('a due task', () => {
  test('that another transaction holds is tried again after a second, and holds up no other', async () => {
    await using app = await openTestApp()
    const held = await app.insert({ schedule: '* * * * *' })
    const free = await app.insert({ schedule: '* * * * *' })
    const heartbeat = app.heartbeat()
    await heartbeat.tick()
    app.clock.advance(60_000)
    await app.base.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT FROM sisy_task WHERE id = ${held.id}::uuid FOR UPDATE`
      expect(await heartbeat.tick()).toMatchObject({ stamped: 1, pauseMs: 0 })
      expect(await heartbeat.tick()).toMatchObject({ stamped: 0, pauseMs: 1_000 })
    })
    expect(await heartbeat.tick()).toMatchObject({ stamped: 1, pauseMs: 5_000 })
    expect(await app.base.taskRun.groupBy({ by: ['taskId'], _count: true })).toEqual(
      expect.arrayContaining([
        { taskId: held.id, _count: 1 },
        { taskId: free.id, _count: 1 },
      ]),
    )
  })

  test.each(['planned', 'stamped'])('is %s although the database refuses another', async (what) => {
    await using app = await openTestApp()
    const due = what === 'stamped' ? { nextRun: app.clock.now() } : { waitForSchedule: false }
    await app.insert({ ...due, label: 'taboo' })
    for (let n = 0; n < 5; n++) await app.insert({ ...due, label: 'free' })
    await refuseWrites(app.base)
    const heartbeat = app.heartbeat()
    await heartbeat.tick()
    expect(await app.base.taskRun.groupBy({ by: ['label'], _count: true })).toEqual([
      { label: 'free', _count: 5 },
    ])
    expect(await heartbeat.tick()).toMatchObject({ planned: 0, stamped: 0, pauseMs: 1_000 })
    const told = app.log.messages.filter((message) => message.includes('could not be written'))
    expect(told).toEqual([
      expect.stringMatching(/^Task "taboo" \(.*\) could not be written: .*not this one\. Others go on/),
    ])
    await app.base.$executeRaw`DROP TRIGGER taboo ON sisy_task`
    expect(await heartbeat.tick()).toMatchObject({ planned: 0, stamped: 0 })
    app.clock.advance(60_000)
    await heartbeat.tick()
    expect(await app.base.taskRun.count({ where: { label: 'taboo' } })).toBeGreaterThan(0)
  })

  test('is stamped in the end although the database refuses many others', async () => {
    await using app = await openTestApp()
    const refusedAt = app.clock.now()
    await app.base.$executeRaw`
      INSERT INTO sisy_task (label, callable, "nextRun")
      SELECT 'taboo', 'work', ${refusedAt} FROM generate_series(1, 150)`
    app.clock.advance(1_000)
    const { id } = await app.insert({ nextRun: app.clock.now() })
    await refuseWrites(app.base)
    const heartbeat = app.heartbeat()
    await expect(heartbeat.tick()).rejects.toThrow('not this one')
    await heartbeat.tick()
    expect(await app.base.taskRun.findMany()).toEqual([expect.objectContaining({ taskId: id })])
    expect(app.log.messages.filter((message) => message.includes('could not be written'))).toHaveLength(150)
  })

  test('is not held up by however many others that another transaction holds', async () => {
    await using app = await openTestApp()
    const heldAt = app.clock.now()
    await app.base.$executeRaw`
      INSERT INTO sisy_task (label, callable, "nextRun")
      SELECT 'held', 'work', ${heldAt} FROM generate_series(1, 9000)`
    app.clock.advance(1_000)
    const { id } = await app.insert({ nextRun: app.clock.now() })
    const heartbeat = app.heartbeat()
    await app.base.$transaction(
      async (tx) => {
        await tx.$queryRaw`SELECT FROM sisy_task WHERE "nextRun" = ${heldAt} FOR UPDATE`
        expect(await heartbeat.tick()).toMatchObject({ stamped: 1 })
      },
      { timeout: 30_000 },
    )
    expect(await app.base.taskRun.findMany()).toEqual([expect.objectContaining({ taskId: id })])
    expect(await heartbeat.tick()).toMatchObject({ stamped: 9_000 })
  })

  test('is stamped also while an open transaction enqueues another run of it', async () => {
    await using app = await openTestApp()
    const { id } = await app.insert({ nextRun: app.clock.now() })
    await app.prisma.$transaction(async (tx) => {
      await tx.task.runNow({ id })
      expect(await app.heartbeat().tick()).toMatchObject({ stamped: 1 })
    })
    expect(await app.base.taskRun.count({ where: { taskId: id } })).toBe(2)
  })

  test.each([
    ['runNow', 'commit', 0],
    ['runNow', 'rollback', 1],
    ['retry', 'commit', 0],
    ['retry', 'rollback', 1],
    ['cancel', 'commit', 1],
    ['cancel', 'rollback', 0],
  ] as const)(
    'whose key an open transaction changed by %s holds up no other, and comes after its %s',
    async (action, end, stamped) => {
      await using app = await openTestApp()
      const { id } = await app.insert({ schedule: '* * * * *', allowOverlap: false })
      for (let n = 0; n < 5; n += 1) await app.insert({ schedule: '* * * * *', allowOverlap: n % 2 === 0 })
      const heartbeat = app.heartbeat()
      await heartbeat.tick()
      const run = action === 'runNow' ? undefined : await app.prisma.task.runNow({ id })
      if (action === 'retry') await app.endRuns()
      app.clock.advance(60_000)
      const stop = new Error('rolled back')
      const transaction = app.prisma.$transaction(
        async (tx) => {
          if (run === undefined) await tx.task.runNow({ id })
          else await tx.task[action === 'retry' ? 'retry' : 'cancel'](run)
          expect(await heartbeat.tick()).toMatchObject({ stamped: 5 })
          expect(await app.task(id)).toMatchObject({ nextRun: app.clock.now() })
          expect(await heartbeat.tick()).toMatchObject({ stamped: 0, pauseMs: 1_000 })
          if (end === 'rollback') throw stop
        },
        { timeout: 30_000 },
      )
      if (end === 'rollback') await expect(transaction).rejects.toBe(stop)
      else await transaction
      expect(await heartbeat.tick()).toMatchObject({ stamped, pauseMs: 5_000 })
      expect(await app.base.$queryRaw`SHOW lock_timeout`).toEqual([{ lock_timeout: '0' }])
    },
  )
})
