import { describe, expect, test } from '@jest/globals'
import { rescueLostRuns, type NewRun } from '@sisy/core/internal'
import { settableClock } from '../settable-clock.js'
import { boom, claimedRun, later, now, transitionAfter, type StoreUnderTest } from './fixtures.js'

/** What becomes of runs whose worker is gone. */
export function lostRuns(under: StoreUnderTest): void {
  const stateOf = async (id: string) => (await under.store.readRun(id))?.state

  describe('a claimed run', () => {
    const claimed = (given: Partial<NewRun> = {}) => claimedRun(under, given)

    test('is rescued when its lease is over, and its old holder is refused', async () => {
      const lease = await claimed()
      await under.store.startRuns([{ ...lease, startedAt: now }])
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
      ).toEqual(['lost'])
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
      ).toEqual(['lost'])
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

    test.each(['"leaseToken"', '"leaseUntil"', '"leaseToken" = NULL, attempt = 0, "leaseUntil"'])(
      'is rescued at once when plain SQL takes its lease: %s = NULL',
      async (columns) => {
        const lease = await claimed()
        await under.sql(`UPDATE sisy_task_run SET ${columns} = NULL`)
        expect((await under.store.lookAhead()).nextLeaseEnd?.getTime()).toBeLessThan(now.getTime())
        const rescuers = [settableClock(now), settableClock(now)]
        const rescued = await Promise.all(rescuers.map((clock) => rescueLostRuns(under.store, clock)))
        expect(rescued.flat()).toMatchObject([{ id: lease.id, state: 'due' }])
        expect(await under.store.finishRuns(now, [{ ...lease, transition: transitionAfter(boom) }])).toEqual([
          'lost',
        ])
        expect(await under.store.readRun(lease.id)).toMatchObject({ state: 'due', attempt: 0 })
        expect((await under.store.lookAhead()).nextLeaseEnd).toBeNull()
      },
    )

    test('is rescued beside rows that plain SQL made unfit', async () => {
      const [odd, refused, lease] = [await claimed(), await claimed(), await claimed()]
      await under.sql(
        `UPDATE sisy_task_run SET attempts = '{}', "startedAt" = now() WHERE id = $1::uuid`,
        odd.id,
      )
      await under.sql(`UPDATE sisy_task_run SET priority = 13 WHERE id = $1::uuid`, refused.id)
      await under.sql(
        `ALTER TABLE sisy_task_run ADD CONSTRAINT odd CHECK (priority <> 13 OR state = 'running')`,
      )
      const rescued = await rescueLostRuns(under.store, settableClock(later(60_001)))
      await under.sql(`ALTER TABLE sisy_task_run DROP CONSTRAINT odd`)
      expect(rescued.map(({ id }) => id).sort()).toEqual([odd.id, lease.id].sort())
      expect(await under.store.readRun(odd.id)).toMatchObject({ lastEntry: { cause: 'lost' } })
      expect(await stateOf(refused.id)).toBe('running')
    })
  })
}
