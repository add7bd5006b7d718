import { describe, expect, test } from '@jest/globals'
import { rescueLostRuns, type NewRun } from '@sisy/core/internal'
import { randomUUID } from 'node:crypto'
import { settableClock } from '../settable-clock.js'
import {
  boom,
  claimedRun,
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
      const claimed = await under.store.claimRuns(now, claimRequest())
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
      const ids = claims.flat().map(({ id }) => id)
      expect(new Set(ids).size).toBe(ids.length)
      expect(ids.length).toBe(200)
    })

    test('is given back by its token when the reply was lost', async () => {
      const run = newRun()
      await under.store.enqueueRuns([run])
      const request = claimRequest()
      await under.store.claimRuns(now, request)
      expect(await under.store.releaseClaim(request.leaseToken)).toBe(1)
      expect(await under.store.readRun(run.id)).toMatchObject({ state: 'due', attempt: 0 })
    })
  })

  describe('a claimed run', () => {
    const claimed = (given: Partial<NewRun> = {}) => claimedRun(under, given)

    test('is started, renewed and finished by its token', async () => {
      const lease = await claimed()
      expect(await under.store.startRuns(now, [lease])).toEqual([
        { id: lease.id, task: null, cancelRequested: false },
      ])
      expect(await under.store.renewLeases(now, 60_000, [lease])).toEqual([
        { id: lease.id, cancelRequested: false, renewed: true },
      ])
      const finish = { ...lease, transition: transitionAfter({ kind: 'ok', result: { n: [1, 'é', null] } }) }
      expect(await under.store.finishRuns(now, [finish])).toEqual([lease.id])
      expect(await under.store.readRun(lease.id)).toMatchObject({
        state: 'succeeded',
        result: { n: [1, 'é', null] },
        lastEntry: null,
      })
    })

    test('whose finish is sent again, since its reply was lost, has succeeded', async () => {
      const lease = await claimed()
      const finish = { ...lease, transition: transitionAfter({ kind: 'ok', result: 1 }) }
      await under.store.finishRuns(now, [finish])
      expect(await under.store.finishRuns(now, [finish])).toEqual([lease.id])
    })

    test('refuses every write with another token', async () => {
      const lease = { ...(await claimed()), leaseToken: randomUUID() }
      expect(await under.store.startRuns(now, [lease])).toEqual([])
      expect(await under.store.renewLeases(now, 60_000, [lease])).toEqual([])
      expect(await under.store.saveUserdata(lease, { stolen: true })).toBe(false)
      expect(
        await under.store.finishRuns(now, [
          { ...lease, transition: transitionAfter({ kind: 'ok', result: 1 }) },
        ]),
      ).toEqual([])
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
      expect(await under.store.claimRuns(now, request)).toEqual([
        expect.objectContaining({ id: lease.id, attempt: 2 }),
      ])
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
      }
      const [row] = await under.sql<{ attempts: { attempt: number }[] }>(`SELECT attempts FROM sisy_task_run`)
      expect(row?.attempts.map(({ attempt }) => attempt)).toEqual(Array.from({ length: 50 }, (_, n) => n + 4))
    })

    test('is rescued when its lease is over, and its old holder is refused', async () => {
      const lease = await claimed()
      await under.store.startRuns(now, [lease])
      expect(await rescueLostRuns(under.store, settableClock(later(59_999)))).toEqual([])
      const rescuers = [settableClock(later(60_001)), settableClock(later(60_001))]
      const rescued = await Promise.all(rescuers.map((clock) => rescueLostRuns(under.store, clock)))
      expect(rescued.flat()).toHaveLength(1)
      expect(await under.store.readRun(lease.id)).toMatchObject({
        state: 'due',
        attempt: 1,
        lastEntry: { cause: 'lost' },
      })
      expect(
        await under.store.finishRuns(now, [
          { ...lease, transition: transitionAfter({ kind: 'ok', result: 1 }) },
        ]),
      ).toEqual([])
      expect(await stateOf(lease.id)).toBe('due')
    })

    test('that had not begun gets its attempt back when it is rescued', async () => {
      const lease = await claimed({ maxAttempts: 1 })
      await rescueLostRuns(under.store, settableClock(later(60_001)))
      expect(await under.store.readRun(lease.id)).toMatchObject({ state: 'due', attempt: 0, lastEntry: null })
    })

    test('is rescued by nobody who read it before it was renewed', async () => {
      const lease = await claimed()
      const [lost] = await under.store.readLostRuns(later(60_001), 10)
      await under.store.renewLeases(later(60_000), 60_000, [lease])
      const transition = transitionAfter({ kind: 'lost' })
      expect(lost?.leaseUntil).toEqual(later(60_000))
      expect(
        await under.store.finishRuns(now, [{ ...lease, leaseUntil: later(60_000), transition }]),
      ).toEqual([])
      expect(await stateOf(lease.id)).toBe('running')
    })

    test.each(['-infinity', '0044-03-15 BC'])(
      'is rescued when plain SQL ends its lease at %s',
      async (until) => {
        const lease = await claimed()
        await under.sql(`UPDATE sisy_task_run SET "leaseUntil" = '${until}'`)
        expect((await under.store.lookAhead()).nextLeaseEnd?.getTime()).toBeLessThan(now.getTime())
        expect(await rescueLostRuns(under.store, settableClock(now))).toMatchObject([{ id: lease.id }])
        expect(await stateOf(lease.id)).toBe('due')
      },
    )

    test('is rescued beside rows that plain SQL made unfit', async () => {
      const [odd, lease] = [await claimed(), await claimed()]
      await under.sql(
        `UPDATE sisy_task_run SET attempts = '{}', "startedAt" = now() WHERE id = $1::uuid`,
        odd.id,
      )
      const [noToken] = [await claimed()]
      await under.sql(`UPDATE sisy_task_run SET "leaseToken" = NULL WHERE id = $1::uuid`, noToken.id)
      const rescued = await rescueLostRuns(under.store, settableClock(later(60_001)))
      expect(rescued.map(({ id }) => id).sort()).toEqual([odd.id, lease.id].sort())
      expect(await under.store.readRun(odd.id)).toMatchObject({ lastEntry: { cause: 'lost' } })
    })

    test('is asked to end when it is cancelled, and told so by its renewal', async () => {
      const lease = await claimed()
      expect(await under.store.cancelRun(lease.id)).toBe('requested')
      expect(await stateOf(lease.id)).toBe('running')
      expect(await under.store.renewLeases(now, 60_000, [lease])).toEqual([
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
      const [started] = await under.store.startRuns(now, [lease])
      expect(started?.task).toMatchObject({ id: task.id, userdata: { seen: 2 } })
    })
  })
}
