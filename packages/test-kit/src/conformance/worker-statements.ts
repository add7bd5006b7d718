import { describe, expect, test } from '@jest/globals'
import type { Finish, NewRun } from '@sisy/core/internal'
import { randomUUID } from 'node:crypto'
import {
  boom,
  claimedRun,
  runsAgain,
  claimRequest,
  later,
  newRun,
  newTask,
  now,
  transitionAfter,
  newRunId,
  type StoreUnderTest,
} from './fixtures.js'

/** What a worker asks of the store. */
export function workerStatements(under: StoreUnderTest): void {
  const stateOf = async (id: string) => (await under.store.readRun(id))?.state

  test('connectionLimit tells how many connections the server allows', async () => {
    const limit = await under.store.connectionLimit()
    expect(Number.isInteger(limit)).toBe(true)
    expect(limit).toBeGreaterThan(0)
  })

  describe('claimRuns', () => {
    test('takes the highest priority first, then the longest due, and only known callables of its queue', async () => {
      const [a, b, c] = [newRun(), newRun({ priority: 1 }), newRun()]
      const others = [newRun({ callable: 'other' }), newRun({ queue: 'elsewhere' })]
      await under.store.enqueueRuns([a, ...others])
      await under.store.enqueueRuns([b])
      await under.store.enqueueRuns([c])
      const { runs: claimed } = await under.store.claimRuns(now, claimRequest())
      expect(claimed.map(({ id }) => id)).toEqual([b.id, a.id, c.id])
      expect(claimed[0]).toMatchObject({ attempt: 1, callable: 'work', taskId: null })
      expect(await under.store.listUnknownCallables(['default'], ['work'])).toEqual(['other'])
    })

    test('gives each run to one of many claimers', async () => {
      const runs = Array.from({ length: 200 }, () => newRun())
      await under.store.enqueueRuns(runs)
      const claims = await Promise.all(
        Array.from({ length: 8 }, () => under.store.claimRuns(now, claimRequest({ limit: 50 }))),
      )
      const ids = claims.flatMap(({ runs: claimed }) => claimed.map(({ id }) => id))
      expect(new Set(ids).size).toBe(ids.length)
      expect(ids.length).toBe(200)
    })

    test('brings the tasks of its runs, but those with much userdata', async () => {
      const small = await under.store.writeTask({ ...newTask, key: 'small', userdata: { seen: 1 } })
      const much = await under.store.writeTask({ ...newTask, key: 'much', userdata: 'x'.repeat(2_000) })
      await under.store.enqueueRuns([newRun()])
      for (const { id } of [small, small, much]) await under.store.runTask({ id }, newRunId())
      const { runs, tasks } = await under.store.claimRuns(now, claimRequest())
      expect(runs.map(({ taskId }) => taskId)).toEqual([null, small.id, small.id, much.id])
      const { id, key, label, schedule, timezone, iterations, userdata } = small
      const instants = { startRunning: null, endRunning: null, lastRun: null, nextRun: small.nextRun }
      const row = { id, key, label, schedule, timezone, iterations, userdata, ...instants }
      expect([...tasks]).toEqual([[small.id, row]])
    })

    test('tells the time of the database', async () => {
      const before = await under.store.now()
      const { now: told } = await under.store.claimRuns(now, claimRequest())
      const [from, to] = [before, await under.store.now()].map((instant) => instant.getTime())
      expect(told.getTime()).toBeGreaterThanOrEqual(from ?? 0)
      expect(told.getTime()).toBeLessThanOrEqual(to ?? 0)
    })

    test('is given back by its token when the reply to it was lost', async () => {
      const lease = await claimedRun(under)
      expect(await under.store.releaseClaim(lease.leaseToken)).toBe(1)
      expect(await under.store.releaseClaim(lease.leaseToken)).toBe(0)
      expect(await under.sql(`SELECT state, attempt, "startedAt", "leaseToken" FROM sisy_task_run`)).toEqual([
        { state: 'due', attempt: 0, startedAt: null, leaseToken: null },
      ])
    })
  })

  describe('a claimed run', () => {
    const claimed = (given: Partial<NewRun> = {}) => claimedRun(under, given)

    test('is started, renewed and finished by its token', async () => {
      const lease = await claimed()
      expect(await under.store.startRuns([{ ...lease, startedAt: now }])).toEqual([
        { id: lease.id, task: null, oversize: null, cancelRequested: false },
      ])
      expect((await under.store.renewLeases(now, 60_000, [lease])).leases).toEqual([
        { id: lease.id, cancelRequested: false, renewed: true },
      ])
      const finish = { ...lease, transition: transitionAfter({ kind: 'ok', result: { n: [1, 'é', null] } }) }
      expect(await under.store.finishRuns(now, [finish])).toEqual(['succeeded'])
      expect(await under.store.readRun(lease.id)).toMatchObject({
        state: 'succeeded',
        result: { n: [1, 'é', null] },
        lastEntry: null,
      })
    })

    test('ends beside others though together they are too large for one statement', async () => {
      const text = 'x'.repeat(5_000_000)
      const results = [`${text}1`, `${text}2`, 3]
      const outcomes = [
        ...results.map((result) => ({ kind: 'ok', result }) as const),
        ...results.map((result) => ({ ...boom, error: { ...boom.error, message: String(result) } })),
      ]
      const finishes: Finish[] = []
      for (const outcome of outcomes)
        finishes.push({ ...(await claimed()), transition: transitionAfter(outcome) })
      expect(await under.store.finishRuns(now, finishes)).toEqual([
        ...results.map(() => 'succeeded'),
        ...results.map(() => 'scheduled'),
      ])
      const statuses = await Promise.all(finishes.map(({ id }) => under.store.readRun(id)))
      expect(statuses.map((status) => status?.result)).toEqual([...results, null, null, null])
      expect(statuses.map((status) => status?.lastEntry?.error?.message)).toEqual([
        ...results.map(() => undefined),
        ...results.map(String),
      ])
    })

    test.each([
      ['succeeded', { kind: 'ok', result: 1 }],
      ['scheduled', boom],
      ['due', { kind: 'shutdown' }],
    ] as const)(
      'whose finish is sent again, since its reply was lost, stays as it is: %s',
      async (state, outcome) => {
        const lease = await claimed()
        const row = () => under.sql(`SELECT * FROM sisy_task_run`)
        expect(
          await under.store.finishRuns(now, [{ ...lease, transition: transitionAfter(outcome) }]),
        ).toEqual([state])
        const written = await row()
        const others = [outcome, { kind: 'ok', result: 'other' } as const, { kind: 'cancelled' } as const]
        for (const other of others) {
          const again = { ...lease, transition: transitionAfter(other) }
          expect(await under.store.finishRuns(later(1), [again])).toEqual([state])
        }
        expect(await row()).toEqual(written)
      },
    )

    test('is completed once, in the name of its holder alone', async () => {
      const lease = await claimed({ uniqueKey: 'a' })
      const stolen = { ...lease, leaseToken: randomUUID() }
      expect(await under.store.completeRun(stolen, 'stolen')).toBe(false)
      expect(await under.store.completeRun(lease, { n: [1] })).toBe(true)
      expect(await under.store.completeRun(lease, 'again')).toBe(false)
      expect((await under.store.renewLeases(now, 60_000, [lease])).leases).toMatchObject([{ renewed: true }])
      const row = await under.sql(`SELECT state, result, "activeKey", "leaseUntil" FROM sisy_task_run`)
      expect(row).toEqual([{ state: 'succeeded', result: { n: [1] }, activeKey: null, leaseUntil: null }])
      expect(await under.store.finishRuns(now, [{ ...lease, transition: transitionAfter(boom) }])).toEqual([
        'succeeded',
      ])
      expect(await under.store.readRun(lease.id)).toMatchObject({ result: { n: [1] }, lastEntry: null })
    })

    test('is finished by its own token when a batch holds another claim of it, too', async () => {
      const lease = await claimed()
      const stale = { id: lease.id, leaseToken: randomUUID() }
      const [failed, succeeded] = [transitionAfter(boom), transitionAfter({ kind: 'ok', result: 1 })]
      expect(
        await under.store.finishRuns(now, [
          { ...stale, transition: failed },
          { ...lease, transition: succeeded },
        ]),
      ).toEqual(['lost', 'succeeded'])
    })

    test('that somebody asked to cancel is told to be cancelled instead of tried again', async () => {
      const lease = await claimed()
      await under.store.cancelRun(lease.id)
      expect(await under.store.finishRuns(now, [{ ...lease, transition: transitionAfter(boom) }])).toEqual([
        'cancelled',
      ])
    })

    test('refuses every write with another token', async () => {
      const lease = { ...(await claimed()), leaseToken: randomUUID() }
      expect(await under.store.startRuns([{ ...lease, startedAt: now }])).toEqual([])
      expect((await under.store.renewLeases(now, 60_000, [lease])).leases).toEqual([])
      expect(await under.store.saveUserdata(lease, { stolen: true })).toBe(false)
      expect(
        await under.store.finishRuns(now, [
          { ...lease, transition: transitionAfter({ kind: 'ok', result: 1 }) },
        ]),
      ).toEqual(['lost'])
      expect(await stateOf(lease.id)).toBe('running')
    })

    test('that failed waits for its retry, keeps its log, and frees its key only at its end', async () => {
      const lease = await claimed({ uniqueKey: 'a' })
      await under.store.finishRuns(now, [{ ...lease, transition: transitionAfter(boom) }])
      expect(await under.store.readRun(lease.id)).toMatchObject({
        state: 'scheduled',
        attempt: 1,
        lastEntry: { cause: 'error', error: { message: 'boom' } },
      })
      expect(await under.store.enqueueRuns([newRun({ uniqueKey: 'a' })])).toEqual([null])
      expect((await under.store.lookAhead()).nextScheduled).toEqual(later(500))
      expect(await under.store.promoteRuns(later(499), 10)).toBe(0)
      expect(await under.store.promoteRuns(later(500), 10)).toBe(1)
      const request = claimRequest()
      expect(await under.store.claimRuns(now, request)).toMatchObject({
        runs: [{ id: lease.id, attempt: 2 }],
      })
      const last = transitionAfter(boom, { attempt: 5 })
      await under.store.finishRuns(now, [{ id: lease.id, leaseToken: request.leaseToken, transition: last }])
      expect(await stateOf(lease.id)).toBe('failed')
      expect(await under.store.enqueueRuns([newRun({ uniqueKey: 'a' })])).toEqual([expect.anything()])
      const [row] = await under.sql<{ attempts: unknown[] }>(
        `SELECT attempts FROM sisy_task_run WHERE id = $1::uuid`,
        lease.id,
      )
      expect(row?.attempts).toHaveLength(2)
    })

    test('keeps the newest 50 entries of its log', async () => {
      const lease = await claimed()
      for (let attempt = 1; attempt <= 53; attempt += 1) {
        await under.store.finishRuns(now, [
          { ...lease, transition: transitionAfter(boom, { attempt, maxAttempts: 100 }) },
        ])
        await runsAgain(under, lease)
      }
      const [row] = await under.sql<{ attempts: { attempt: number }[] }>(`SELECT attempts FROM sisy_task_run`)
      expect(row?.attempts.map(({ attempt }) => attempt)).toEqual(Array.from({ length: 50 }, (_, n) => n + 4))
    })

    test('keeps its end of lease when a worker whose clock is behind renews it', async () => {
      const lease = await claimed()
      const { now: told, leases } = await under.store.renewLeases(later(-30_000), 60_000, [lease])
      expect(leases).toEqual([{ id: lease.id, cancelRequested: false, renewed: true }])
      expect(told).toBeInstanceOf(Date)
      const [lost] = await under.store.readLostRuns(later(60_001), 10)
      expect(lost?.leaseUntil).toEqual(later(60_000))
    })

    test('is asked to end when it is cancelled, and told so by its renewal', async () => {
      const lease = await claimed()
      expect(await under.store.cancelRun(lease.id)).toBe('requested')
      expect(await stateOf(lease.id)).toBe('running')
      expect((await under.store.renewLeases(now, 60_000, [lease])).leases).toEqual([
        { id: lease.id, cancelRequested: true, renewed: true },
      ])
      await under.store.finishRuns(now, [{ ...lease, transition: transitionAfter({ kind: 'cancelled' }) }])
      expect(await under.store.cancelRun(lease.id)).toBe('ended')
      expect(await under.store.cancelRun(randomUUID())).toBe('missing')
    })

    test('saves userdata to itself and to its task', async () => {
      const task = await under.store.writeTask(newTask)
      const id = newRunId()
      await under.store.runTask({ id: task.id }, id)
      const request = claimRequest()
      await under.store.claimRuns(now, request)
      const lease = { id, leaseToken: request.leaseToken }
      expect(await under.store.saveUserdata(lease, { seen: 2 })).toBe(true)
      const [started] = await under.store.startRuns([{ ...lease, startedAt: now }])
      expect(started?.task).toMatchObject({ id: task.id, userdata: { seen: 2 } })
    })
  })
}
