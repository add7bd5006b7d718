import { describe, expect, test } from '@jest/globals'
import { rescueLostRuns } from '@sisy/core/internal'
import { settableClock } from '../settable-clock.js'
import { claimRequest, later, newRun, now, transitionAfter, type StoreUnderTest } from './fixtures.js'

/** What a worker asks while another transaction holds the row of one of two runs: it never waits for it. */
export function heldRows(under: StoreUnderTest): void {
  describe('beside a row that another transaction holds', () => {
    const claimedTwo = async () => {
      const [held, free] = [newRun(), newRun()]
      await under.store.enqueueRuns([held, free])
      const request = claimRequest()
      await under.store.claimRuns(now, request)
      const { leaseToken } = request
      const leases = [held, free].map(({ id }) => ({ id, leaseToken }))
      return { held, free, leaseToken, leases, hold: await under.hold(held.id) }
    }

    test('runs are started', async () => {
      const { free, leases, hold } = await claimedTwo()
      expect(
        await under.store.startRuns(leases.map((lease) => ({ ...lease, startedAt: now }))),
      ).toMatchObject([{ id: free.id }])
      await hold.letGo()
      expect(await under.store.startRuns(leases.map((lease) => ({ ...lease, startedAt: now })))).toHaveLength(
        2,
      )
    })

    test('runs are renewed', async () => {
      const { held, free, leases, hold } = await claimedTwo()
      const { leases: renewed } = await under.store.renewLeases(now, 60_000, leases)
      expect(new Map(renewed.map(({ id, renewed: moved }) => [id, moved]))).toEqual(
        new Map([
          [held.id, false],
          [free.id, true],
        ]),
      )
      await hold.letGo()
    })

    test('runs are finished; that one is told to be held, and finished when it is let go', async () => {
      const { leases, hold } = await claimedTwo()
      const transition = transitionAfter({ kind: 'ok', result: 1 })
      const finishes = leases.map((lease) => ({ ...lease, transition }))
      expect(await under.store.finishRuns(now, finishes)).toEqual(['held', 'succeeded'])
      await hold.letGo()
      expect(await under.store.finishRuns(now, finishes)).toEqual(['succeeded', 'succeeded'])
    })

    test('runs are given back', async () => {
      const { held, leaseToken, hold } = await claimedTwo()
      expect(await under.store.releaseClaim(leaseToken)).toBe(1)
      await hold.letGo()
      expect(await under.store.releaseClaim(leaseToken)).toBe(1)
      expect(await under.store.readRun(held.id)).toMatchObject({ state: 'due', attempt: 0 })
    })

    test('runs are rescued', async () => {
      const { held, free, hold } = await claimedTwo()
      const clock = settableClock(later(60_001))
      expect(await rescueLostRuns(under.store, clock)).toMatchObject([{ id: free.id }])
      await hold.letGo()
      expect(await rescueLostRuns(under.store, clock)).toMatchObject([{ id: held.id }])
    })

    test('runs that were read as lost are rescued', async () => {
      const { leases, hold } = await claimedTwo()
      await hold.letGo()
      const lost = await under.store.readLostRuns(later(60_001), 10)
      const [first] = leases
      const again = await under.hold(first?.id ?? '')
      const transition = transitionAfter({ kind: 'lost' })
      const replies = await under.store.finishRuns(
        now,
        lost.map((run) => ({ ...run, transition })),
      )
      expect(lost.map(({ id }, n) => [id, replies[n]]).sort()).toEqual(
        leases.map(({ id }, n) => [id, n === 0 ? 'held' : 'due']).sort(),
      )
      await again.letGo()
    })
  })
}
