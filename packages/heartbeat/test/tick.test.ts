import { expect, test } from '@jest/globals'
import { defaultChannels, openStore, type RawClient } from '@sisy/core/internal'
import { createTick } from '../src/tick.js'
import { openTestApp } from './test-app.js'

/** Sends statements on, and counts them. */
function countingClient(client: RawClient) {
  const sent = { count: 0 }
  const counting: RawClient = {
    $queryRawUnsafe: (sql, ...values) => {
      sent.count += 1
      return client.$queryRawUnsafe(sql, ...values)
    },
    $executeRawUnsafe: (sql, ...values) => {
      sent.count += 1
      return client.$executeRawUnsafe(sql, ...values)
    },
  }
  return { counting, sent }
}

test('a tick with nothing to do is one statement', async () => {
  await using app = await openTestApp()
  await app.insert({ schedule: '0 0 1 1 *' })
  const data = {
    label: 'later',
    callable: 'work',
    state: 'scheduled',
    dueAt: new Date('2031-01-01T00:00:00Z'),
  }
  await app.base.taskRun.create({ data })
  const { counting, sent } = countingClient(app.base)
  const tick = createTick({
    store: openStore({ client: counting, provider: 'postgresql', channels: defaultChannels }),
    clock: { ...app.clock, measure: () => 0, partedMs: () => 0, driftMs: () => 0 },
    logger: app.log.logger,
    periodMs: 60_000,
    leaseMs: 60_000,
    retention: { succeededDays: 7, failedDays: 30 },
    reportOutcome: () => undefined,
  })
  // Plans the task, and looks for history to be pruned.
  expect(await tick()).toMatchObject({ planned: 1 })
  sent.count = 0
  for (let n = 1; n <= 12; n += 1) {
    app.clock.advance(5_000)
    expect(await tick()).toMatchObject({ pauseMs: 5_000 })
    expect(sent.count).toBe(n)
  }
})

test('goes on at once while history is left to be pruned', async () => {
  await using app = await openTestApp()
  await app.base.$executeRaw`
    INSERT INTO sisy_task_run (label, callable, state, "finishedAt")
    SELECT 'old', 'work', 'succeeded', '2020-01-01' FROM generate_series(1, 20001)`
  const heartbeat = app.heartbeat()
  expect(await heartbeat.tick()).toMatchObject({ pruned: 20_000, pauseMs: 0 })
  expect(await heartbeat.tick()).toMatchObject({ pruned: 1, pauseMs: 5_000 })
})
