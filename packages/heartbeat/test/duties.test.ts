import { describe, expect, test } from '@jest/globals'
import { defaultChannels, openStore, type RawClient } from '@sisy/core/internal'
import { claimRequest } from '@sisy/test-kit/store-conformance'
import { openTestApp } from './test-app.js'

const dayMs = 86_400_000

describe('promote', () => {
  test('makes scheduled runs due when their time has come, in every queue', async () => {
    await using app = await openTestApp()
    const at = (ms: number) => new Date(app.clock.now().getTime() + ms)
    const run = (dueAt: Date, queue: string, priority: number) =>
      app.base.taskRun.create({
        data: { label: 'x', callable: 'work', state: 'scheduled', dueAt, queue, priority },
      })
    for (const queue of ['a', 'b']) for (const priority of [0, 5]) await run(at(2_000), queue, priority)
    await run(at(9_000), 'a', 0)
    const heartbeat = app.heartbeat()
    expect(await heartbeat.tick()).toMatchObject({ promoted: 0, pauseMs: 2_000 })
    app.clock.advance(2_000)
    expect(await heartbeat.tick()).toMatchObject({ promoted: 4, pauseMs: 5_000 })
    app.clock.advance(7_000)
    expect(await heartbeat.tick()).toMatchObject({ promoted: 1 })
    expect(await app.base.taskRun.count({ where: { state: 'due' } })).toBe(5)
  })

  test('does not spin on a run that another transaction holds', async () => {
    await using app = await openTestApp()
    const data = { label: 'x', callable: 'work', state: 'scheduled', dueAt: app.clock.now() }
    await app.base.taskRun.create({ data })
    const heartbeat = app.heartbeat()
    await app.base.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT FROM sisy_task_run FOR UPDATE`
      expect(await heartbeat.tick()).toMatchObject({ promoted: 0, pauseMs: 1_000 })
    })
    expect(await heartbeat.tick()).toMatchObject({ promoted: 1 })
  })
})

describe('rescue', () => {
  const [leaseToken, workerId] = [crypto.randomUUID(), crypto.randomUUID()]
  const lost = { label: 'Lost', callable: 'work', state: 'running', leaseToken, workerId }

  test('takes back runs whose lease is over, and fails them after their last attempt', async () => {
    await using app = await openTestApp()
    const now = app.clock.now()
    const begun = { ...lost, startedAt: now, leaseUntil: new Date(now.getTime() + 1_000) }
    await app.base.taskRun.createMany({
      data: [
        { ...begun, attempt: 1, maxAttempts: 2, queue: 'again' },
        { ...begun, attempt: 2, maxAttempts: 2, queue: 'exhausted', activeKey: 'u:x' },
        { ...begun, attempt: 2, maxAttempts: 2, queue: 'not begun', startedAt: null },
        { ...begun, attempt: 1, maxAttempts: 2, queue: 'cancelled', cancelRequestedAt: now },
        { ...begun, attempt: 1, leaseUntil: new Date(now.getTime() + 60_000), queue: 'alive' },
      ],
    })
    const heartbeat = app.heartbeat()
    expect(await heartbeat.tick()).toMatchObject({ rescued: 0 })
    app.clock.advance(1_001)
    expect(await heartbeat.tick()).toMatchObject({ rescued: 4 })
    const runs = await app.base.taskRun.findMany()
    const of = (queue: string) => runs.find((run) => run.queue === queue)
    const gone = { leaseToken: null, leaseUntil: null }
    const entry = { cause: 'lost', durationMs: 1_001 }
    expect(of('again')).toMatchObject({
      ...gone,
      state: 'due',
      attempt: 1,
      attempts: [entry],
      finishedAt: null,
    })
    expect(of('exhausted')).toMatchObject({
      ...gone,
      state: 'failed',
      activeKey: null,
      attempts: [entry],
      finishedAt: app.clock.now(),
    })
    expect(of('not begun')).toMatchObject({ ...gone, state: 'due', attempt: 1, attempts: null })
    expect(of('cancelled')).toMatchObject({ ...gone, state: 'cancelled' })
    expect(of('alive')).toMatchObject({ state: 'running' })
    expect(app.log.messages).toContainEqual(
      expect.stringMatching(`^Lost \\(run .*\\) was lost by its worker ${workerId}`),
    )
  })
})

describe('runs that plain SQL wrote', () => {
  test('in a state there is not end with the reason, and stop nothing else', async () => {
    await using app = await openTestApp()
    const task = await app.insert({ schedule: '* * * * *', allowOverlap: false })
    const lease = { leaseToken: crypto.randomUUID(), leaseUntil: new Date('2031-01-01T00:00:00Z') }
    const kept = [{ state: 'due' }, { state: 'running', ...lease }, { state: 'succeeded' }]
    const strange = [
      { state: 'cancelling' },
      { state: 'Done', attempts: [{ attempt: 1, cause: 'lost' }] },
      { state: 'pending', activeKey: `t:${task.id}`, taskId: task.id },
      { state: '' },
      { state: 'zzz', attempts: 'nonsense' },
      { state: 'é'.repeat(500) },
    ]
    const data = [...kept, ...strange].map((columns) => ({ label: 'x', callable: 'work', ...columns }))
    await app.base.taskRun.createMany({ data })
    const heartbeat = app.heartbeat()
    expect(await heartbeat.tick()).toMatchObject({ strange: 6, planned: 1 })
    expect(await heartbeat.tick()).toMatchObject({ strange: 0 })
    const failed = await app.base.taskRun.findMany({ where: { state: 'failed' } })
    const reasons = failed.map(({ attempts }) => [attempts].flat().at(-1))
    expect(failed).toHaveLength(6)
    for (const run of failed) expect(run).toMatchObject({ finishedAt: app.clock.now(), activeKey: null })
    expect(reasons).toContainEqual({
      attempt: 0,
      cause: 'discard',
      reason: 'Its state "pending" is none of cancelled, due, failed, running, scheduled, succeeded.',
      endedAt: app.clock.now().toISOString(),
    })
    expect(app.log.messages).toContainEqual(
      expect.stringMatching(/has failed for what its row says: Its state/),
    )
    expect(await app.base.taskRun.count({ where: { state: { in: ['due', 'running', 'succeeded'] } } })).toBe(
      3,
    )
    app.clock.advance(60_000)
    expect(await heartbeat.tick()).toMatchObject({ stamped: 1 })
  })
})

describe('reap', () => {
  test('leaves a task whose history another transaction holds, and takes the others', async () => {
    await using app = await openTestApp()
    const now = app.clock.now()
    const held = await app.insert({ endedAt: now, label: 'held' })
    const free = await app.insert({ endedAt: now, label: 'free' })
    const ended = { label: 'x', callable: 'work', state: 'succeeded', finishedAt: now }
    const run = await app.base.taskRun.create({ data: { ...ended, taskId: held.id } })
    await app.base.taskRun.create({ data: { ...ended, taskId: free.id } })
    const heartbeat = app.heartbeat()
    await app.base.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT FROM sisy_task_run WHERE id = ${run.id}::uuid FOR UPDATE`
      expect(await heartbeat.tick()).toMatchObject({ reaped: 1 })
    })
    expect(await app.base.task.findMany()).toEqual([expect.objectContaining({ label: 'held' })])
    expect(await heartbeat.tick()).toMatchObject({ reaped: 1 })
    expect(await app.base.taskRun.count({ where: { taskId: null } })).toBe(2)
  })
})

describe('onOutcome', () => {
  const now = new Date('2030-01-01T00:00:00Z')
  const lost = {
    label: 'Lost',
    callable: 'work',
    state: 'running',
    leaseToken: crypto.randomUUID(),
    leaseUntil: now,
    startedAt: now,
    attempt: 1,
    maxAttempts: 1,
  }

  test('is told of each run that was taken back', async () => {
    await using app = await openTestApp(now)
    const told: unknown[] = []
    const heartbeat = app.heartbeat({
      onOutcome: (run, outcome) => told.push({ ...run, outcome: outcome.kind }),
    })
    const { id } = await app.base.taskRun.create({ data: lost })
    const again = { ...lost, maxAttempts: 2, queue: 'again' }
    const cancelled = { ...lost, queue: 'cancelled', cancelRequestedAt: now }
    const others = [
      await app.base.taskRun.create({ data: again }),
      await app.base.taskRun.create({ data: cancelled }),
    ]
    app.clock.advance(1)
    await heartbeat.tick()
    expect(told).toHaveLength(3)
    expect(told).toContainEqual({
      runId: id,
      taskId: null,
      label: 'Lost',
      callable: 'work',
      queue: 'default',
      attempt: 1,
      maxAttempts: 1,
      state: 'failed',
      outcome: 'lost',
    })
    expect(told).toContainEqual(
      expect.objectContaining({ runId: others[0]?.id, state: 'due', outcome: 'lost' }),
    )
    expect(told).toContainEqual(
      expect.objectContaining({ runId: others[1]?.id, state: 'cancelled', outcome: 'cancelled' }),
    )
  })

  test('that throws changes nothing', async () => {
    await using app = await openTestApp(now)
    const onOutcome = () => {
      throw new Error('no tracker')
    }
    await app.base.taskRun.create({ data: lost })
    app.clock.advance(1)
    expect(await app.heartbeat({ onOutcome }).tick()).toMatchObject({ rescued: 1 })
    expect(app.log.messages).toContainEqual(expect.stringMatching(/^onOutcome failed when told of Lost/))
  })
})

describe('prune', () => {
  const ended = (state: string, finishedAt: Date) => ({ label: state, callable: 'work', state, finishedAt })

  test('keeps history for as long as it is told to, each kind by its own', async () => {
    await using app = await openTestApp()
    const ago = (days: number) => new Date(app.clock.now().getTime() - days * dayMs)
    await app.base.taskRun.createMany({
      data: ['succeeded', 'failed', 'cancelled'].flatMap((state) => [
        ended(state, ago(1.9)),
        ended(state, ago(2.1)),
        ended(state, ago(5.1)),
      ]),
    })
    const data = { label: 'due', callable: 'work', createdAt: ago(100), dueAt: ago(100) }
    await app.base.taskRun.create({ data })
    await app.base.taskWorker.createMany({
      data: [
        { host: 'gone', pid: 1, lastSeenAt: ago(1.1) },
        { host: 'quiet', pid: 2, lastSeenAt: ago(0.9) },
      ],
    })
    const report = await app.heartbeat({ retention: { succeededDays: 2, failedDays: 5 } }).tick()
    expect(report).toMatchObject({ pruned: 4 })
    const left = await app.base.taskRun.groupBy({ by: ['state'], _count: true, orderBy: { state: 'asc' } })
    expect(left.map(({ state, _count }) => [state, _count])).toEqual([
      ['cancelled', 2],
      ['due', 1],
      ['failed', 2],
      ['succeeded', 1],
    ])
    expect(await app.base.taskWorker.findMany()).toEqual([expect.objectContaining({ host: 'quiet' })])
  })

  test('with a retention of 0 deletes what has ended at the next tick', async () => {
    await using app = await openTestApp()
    const heartbeat = app.heartbeat({ retention: { succeededDays: 0, failedDays: 0 } })
    for (const state of ['succeeded', 'failed', 'cancelled']) {
      await app.base.taskRun.create({ data: ended(state, app.clock.now()) })
      app.clock.advance(1)
      expect(await heartbeat.tick()).toMatchObject({ pruned: 1 })
    }
  })

  test('passes over what another transaction holds, and holds up no claim', async () => {
    await using app = await openTestApp()
    const old = new Date('2020-01-01T00:00:00Z')
    const held = await app.base.taskRun.create({ data: ended('succeeded', old) })
    await app.base.taskRun.create({ data: ended('failed', old) })
    await app.base.taskWorker.create({ data: { host: 'held', pid: 1, lastSeenAt: old } })
    await app.base.taskRun.create({ data: { label: 'due', callable: 'work', dueAt: old } })
    const heartbeat = app.heartbeat()
    const storeOf = (client: RawClient) =>
      openStore({ client, provider: 'postgresql', channels: defaultChannels })
    const claim = async (client: RawClient) => {
      const { runs } = await storeOf(client).claimRuns(app.clock.now(), claimRequest())
      return runs.length
    }
    await app.base.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT FROM sisy_task_run WHERE id = ${held.id}::uuid FOR UPDATE`
      await tx.$queryRaw`SELECT FROM sisy_task_worker FOR UPDATE`
      expect(await claim(tx)).toBe(1)
      // While the claim is not committed.
      expect(await heartbeat.tick()).toMatchObject({ pruned: 1 })
    })
    await app.base.taskRun.create({ data: { label: 'due', callable: 'work', dueAt: old } })
    await app.base.$transaction(async (tx) => {
      const before = { succeeded: app.clock.now(), failed: app.clock.now() }
      expect(await storeOf(tx).pruneRuns(before, 10)).toBe(1)
      // While the pruning is not committed.
      expect(await claim(app.base)).toBe(1)
    })
    expect(await app.base.taskWorker.count()).toBe(1)
  })

  test('takes a backlog in turns, so that stamping is not held up', async () => {
    await using app = await openTestApp()
    await app.base.$executeRaw`
      INSERT INTO sisy_task_run (label, callable, state, "finishedAt")
      SELECT 'old', 'work', 'succeeded', '2020-01-01' FROM generate_series(1, 21500)`
    const heartbeat = app.heartbeat()
    expect(await heartbeat.tick()).toMatchObject({ pruned: 20_000 })
    expect(await heartbeat.tick()).toMatchObject({ pruned: 1_500 })
  })
})
