import { describe, expect, test } from '@jest/globals'
import { boom, claimedRun, now, runsAgain, transitionAfter, type StoreUnderTest } from './fixtures.js'

/** What a run keeps of the memory and the CPU time its attempts used. */
export function attemptFigures(under: StoreUnderTest): void {
  describe('a run that used memory and CPU time', () => {
    const figuresOf = (id: string) =>
      under.sql(
        `SELECT "peakMemory"::text, "cpuMs"::text, attempts FROM sisy_task_run WHERE id = $1::uuid`,
        id,
      )
    const used = { peakMemory: 5_000_000_000, cpuMs: 1_500 }

    test('keeps them and tells them in its log', async () => {
      const lease = await claimedRun(under)
      const output = ['opening\0 the file', 'half \ud800']
      const crash = { kind: 'crashed', error: boom.error, exitCode: null, signal: 'SIGSEGV' } as const
      await under.store.finishRuns(now, [
        { ...lease, transition: transitionAfter(crash, { ...used, output }) },
      ])
      const told = {
        cause: 'crashed',
        signal: 'SIGSEGV',
        output: ['opening\u2400 the file', 'half \ufffd'],
      }
      expect(await figuresOf(lease.id)).toEqual([
        {
          peakMemory: '5000000000',
          cpuMs: '1500',
          attempts: [expect.objectContaining({ ...used, ...told })],
        },
      ])
    })

    test.each([{ kind: 'shutdown' } as const, { kind: 'evicted' } as const])(
      'keeps those of the attempt before when it is given back: $kind',
      async (outcome) => {
        const lease = await claimedRun(under)
        await under.store.finishRuns(now, [{ ...lease, transition: transitionAfter(boom, used) }])
        await runsAgain(under, lease)
        const little = { attempt: 2, peakMemory: 1, cpuMs: 1 }
        await under.store.finishRuns(now, [{ ...lease, transition: transitionAfter(outcome, little) }])
        expect(await under.store.readRun(lease.id)).toMatchObject({ state: 'due', attempt: 1 })
        expect(await figuresOf(lease.id)).toMatchObject([{ peakMemory: '5000000000', cpuMs: '1500' }])
      },
    )

    test('tells nothing old of an attempt whose figures are not known', async () => {
      const lease = await claimedRun(under)
      await under.store.finishRuns(now, [{ ...lease, transition: transitionAfter(boom, used) }])
      await runsAgain(under, lease)
      await under.store.finishRuns(now, [{ ...lease, transition: transitionAfter(boom, { attempt: 2 }) }])
      expect(await figuresOf(lease.id)).toMatchObject([{ peakMemory: null, cpuMs: null }])
    })

    test('is ended however much CPU time it used', async () => {
      const lease = await claimedRun(under)
      const transition = transitionAfter({ kind: 'ok', result: 1 }, { cpuMs: 1e13 })
      expect(await under.store.finishRuns(now, [{ ...lease, transition }])).toEqual(['succeeded'])
      expect(await figuresOf(lease.id)).toMatchObject([{ cpuMs: '2147483647' }])
    })
  })
}
