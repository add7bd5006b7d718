import { describe, expect, test } from '@jest/globals'
import { sleep, systemClock } from '@sisy/core/internal'
import { settableClock } from '@sisy/test-kit'

describe('sleep', () => {
  test('ends after its time', async () => {
    const clock = settableClock('2030-01-01T00:00:00Z')
    let awake = false
    const slept = sleep(clock, 1_000).then(() => (awake = true))
    clock.advance(999)
    await Promise.resolve()
    expect(awake).toBe(false)
    clock.advance(1)
    await slept
  })

  test('ends at once when its signal is aborted, before or meanwhile', async () => {
    const clock = settableClock('2030-01-01T00:00:00Z')
    await sleep(clock, 1_000, AbortSignal.abort())
    const controller = new AbortController()
    const slept = sleep(clock, 1_000, controller.signal)
    controller.abort()
    await slept
  })
})

describe('systemClock', () => {
  test('tells the time of the machine', () => {
    const [before, now, after] = [Date.now(), systemClock.now().getTime(), Date.now()]
    expect(now).toBeGreaterThanOrEqual(before)
    expect(now).toBeLessThanOrEqual(after)
  })

  test('has monotonic time that does not go back', () => {
    const first = systemClock.monotonic()
    expect(systemClock.monotonic()).toBeGreaterThanOrEqual(first)
  })

  test('takes no delay for none, and an enormous one for a long one', async () => {
    await new Promise<void>((resolve) => systemClock.after(-5, resolve))
    let early = false
    const cancel = systemClock.after(Number.MAX_SAFE_INTEGER, () => (early = true))
    await new Promise<void>((resolve) => systemClock.after(1, resolve))
    cancel()
    expect(early).toBe(false)
  })
})
