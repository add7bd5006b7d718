import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  createDurationStatistics,
  longestMs,
  type DurationFigures,
} from '../../src/metrics/duration-statistics.js'

const figuresOf = (durations: readonly number[]): DurationFigures => {
  const statistics = createDurationStatistics()
  for (const ms of durations) statistics.record(ms)
  return statistics.figures()
}

/** Durations of every size, each as likely as the next; some equal, some in a narrow band far from 0. */
const duration = fc.oneof(
  fc.double({ min: -3, max: Math.log10(longestMs), noNaN: true }).map((power) => 10 ** power),
  fc.constantFrom(0, 1, 250, longestMs),
  fc.double({ min: 60_000, max: 60_001, noNaN: true }),
)
const durations = fc.array(duration, { minLength: 1, maxLength: 300 })
const microsecond = 0.001

describe('durations', () => {
  test('that are none have figures too', () => {
    expect(figuresOf([])).toEqual({
      count: 0,
      sum: 0,
      mean: null,
      stddev: null,
      min: null,
      max: null,
      p50: null,
      p90: null,
      p95: null,
      p99: null,
    })
  })

  test('that are few come out as they are', () => {
    expect(figuresOf([2, 4, 4, 4, 5, 5, 7, 9])).toMatchObject({
      count: 8,
      sum: 40,
      mean: 5,
      stddev: 2,
      min: 2,
      max: 9,
    })
    expect(figuresOf([1.5])).toEqual({
      count: 1,
      sum: 1.5,
      mean: 1.5,
      stddev: 0,
      min: 1.5,
      max: 1.5,
      p50: 1.5,
      p90: 1.5,
      p95: 1.5,
      p99: 1.5,
    })
  })

  test('have exact counts, sums, means, deviations and bounds', () => {
    fc.assert(
      fc.property(durations, (given) => {
        const figures = figuresOf(given)
        const whole = given.map((ms) => Math.round(ms * 1000) / 1000)
        const mean = whole.reduce((sum, ms) => sum + ms, 0) / whole.length
        const variance = whole.reduce((sum, ms) => sum + (ms - mean) ** 2, 0) / whole.length
        expect(figures.count).toBe(given.length)
        expect(close(figures.sum, mean * whole.length)).toBe(true)
        expect(close(figures.mean!, mean)).toBe(true)
        expect(close(figures.stddev!, Math.sqrt(variance))).toBe(true)
        expect(figures.min).toBe(Math.min(...whole))
        expect(figures.max).toBe(Math.max(...whole))
      }),
    )
  })

  test('have percentiles that are at most 1 % above the exact ones', () => {
    fc.assert(
      fc.property(durations, (given) => {
        const figures = figuresOf(given)
        const sorted = given.map((ms) => Math.round(ms * 1000) / 1000).sort((a, b) => a - b)
        for (const [percent, value] of percentiles(figures)) {
          const position = (percent / 100) * sorted.length
          // Between two durations either is the percentile.
          const ranks = [Math.ceil(position), Math.floor(position + 0.5)].map((rank) => Math.max(rank, 1))
          const least = sorted[Math.min(...ranks) - 1]!
          const most = sorted[Math.max(...ranks) - 1]!
          expect(value).toBeGreaterThanOrEqual(least - microsecond / 2)
          expect(value).toBeLessThanOrEqual(most * 1.01 + microsecond)
        }
      }),
    )
  })

  test('have percentiles in order and within the bounds', () => {
    fc.assert(
      fc.property(durations, (given) => {
        const { min, p50, p90, p95, p99, max } = figuresOf(given)
        const ascending = [min!, p50!, p90!, p95!, p99!, max!]
        expect(ascending).toEqual([...ascending].sort((a, b) => a - b))
      }),
    )
  })

  test('out of range are taken for the nearest that is in it', () => {
    const low = figuresOf([-5, Number.NaN, -Infinity, -0, 0.0001])
    expect(low).toMatchObject({ count: 5, sum: 0, mean: 0, stddev: 0, min: 0, max: 0, p50: 0, p99: 0 })
    const high = figuresOf([Infinity, Number.MAX_VALUE, longestMs + 1])
    expect(high).toMatchObject({ count: 3, min: longestMs, max: longestMs, p50: longestMs, stddev: 0 })
    fc.assert(
      fc.property(fc.array(fc.double()), (given) => {
        for (const value of Object.values(figuresOf(given))) {
          expect(value === null || (Number.isFinite(value) && value >= 0)).toBe(true)
        }
      }),
    )
  })
})

/** Equal but for the last digits of doubles, and the microsecond that figures are rounded to. */
function close(value: number, exact: number): boolean {
  return Math.abs(value - exact) <= microsecond + Math.abs(exact) * 1e-9
}

function percentiles({ p50, p90, p95, p99 }: DurationFigures): [percent: number, value: number][] {
  return [
    [50, p50!],
    [90, p90!],
    [95, p95!],
    [99, p99!],
  ]
}
