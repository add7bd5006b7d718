import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { defaultBackoff, retryDelay } from '../../src/run/backoff.js'

describe('retryDelay', () => {
  test('doubles from a second up to an hour', () => {
    expect([1, 2, 3, 4, 12, 13, 2_000].map((attempt) => retryDelay(attempt, null, 1))).toEqual([
      1_000, 2_000, 4_000, 8_000, 2_048_000, 3_600_000, 3_600_000,
    ])
  })

  test('spreads evenly down to nothing', () => {
    expect([0, 0.25, 0.5, 1].map((random) => retryDelay(3, null, random))).toEqual([0, 1_000, 2_000, 4_000])
  })

  test.each<[string, unknown, number]>([
    ['another base', { baseMs: 50 }, 200],
    ['another factor', { factor: 10 }, 100_000],
    ['a lower bound', { maxMs: 1_500 }, 1_500],
    ['no growth', { factor: 1 }, 1_000],
  ])('takes %s', (_, backoff, delay) => {
    expect(retryDelay(3, backoff, 1)).toBe(delay)
  })

  test('takes the default for what plain SQL may have written instead', () => {
    for (const bad of [0, -1, '5', null, true, {}, []]) {
      expect(retryDelay(3, { baseMs: bad, factor: bad, maxMs: bad }, 1)).toBe(4_000)
      expect(retryDelay(3, bad, 1)).toBe(4_000)
    }
    expect(retryDelay(3, { factor: 0.1 }, 1)).toBe(1_000)
  })

  test('is always a whole number of milliseconds within its bound', () => {
    const positive = fc.double({ min: 0.001, max: 1e12, noNaN: true })
    const backoff = fc.record({ baseMs: positive, factor: positive, maxMs: positive }, { requiredKeys: [] })
    const random = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), backoff, random, (attempt, given, share) => {
        const delay = retryDelay(attempt, given, share)
        expect(Number.isInteger(delay)).toBe(true)
        expect(delay).toBeGreaterThanOrEqual(0)
        expect(delay).toBeLessThanOrEqual(Math.ceil(given.maxMs ?? defaultBackoff.maxMs))
      }),
    )
  })
})
