import { createHistogram } from 'node:perf_hooks'

/** Durations in sum, in milliseconds to three decimals. Of none, `count` and `sum` are 0 and the others null. */
// A type, not an interface, so that it can be stored as JSON.
export type DurationFigures = {
  readonly count: number
  readonly sum: number
  readonly mean: number | null
  /** That of the recorded ones themselves (divided by `count`), so 0 for a single one. */
  readonly stddev: number | null
  readonly min: number | null
  readonly max: number | null
  /** Half of the durations were at most this long; at most 1 % above the exact one. So the next ones. */
  readonly p50: number | null
  readonly p90: number | null
  readonly p95: number | null
  readonly p99: number | null
}

/** Keeps durations in little, fixed memory, however many they are. */
export interface DurationStatistics {
  /** Milliseconds; below 0 and no number count as 0, above 30 days as 30 days. Cheap, and leaves no garbage. */
  record(ms: number): void
  figures(): DurationFigures
}

/** The longest duration told apart from longer ones: a run may be due for weeks when workers were down. */
export const longestMs = 30 * 24 * 60 * 60 * 1000
const longestMicroseconds = longestMs * 1000
/** Of percentiles. With two, microseconds up to 30 days take some 40 KB of memory; a third would take seven times that. */
const significantDigits = 2

/** Count, sum, mean, deviation, minimum and maximum are exact to the microsecond, percentiles to 1 %. */
export function createDurationStatistics(): DurationStatistics {
  const histogram = createHistogram({ lowest: 1, highest: longestMicroseconds, figures: significantDigits })
  // Whole microseconds, so that adding them up loses nothing. In one object, whose numbers are changed in place.
  const exact = { count: 0, sum: 0, squaredDeviations: 0, min: Infinity, max: 0 }

  /** The duration that so many percent do not exceed; not beyond what was really recorded, as a bucket's end may be. */
  function percentile(percent: number): number {
    return milliseconds(Math.min(Math.max(histogram.percentile(percent), exact.min), exact.max))
  }

  return {
    record: (ms) => {
      const value = ms > 0 ? Math.min(Math.round(ms * 1000), longestMicroseconds) : 0
      histogram.record(Math.max(value, 1))
      // Welford's way: the sum of squares itself would lose its last digits.
      const meanBefore = exact.count === 0 ? value : exact.sum / exact.count
      exact.count += 1
      exact.sum += value
      exact.squaredDeviations += (value - meanBefore) * (value - exact.sum / exact.count)
      exact.min = Math.min(exact.min, value)
      exact.max = Math.max(exact.max, value)
    },
    figures: () => {
      const { count, sum, squaredDeviations, min, max } = exact
      if (count === 0) return none
      return {
        count,
        sum: milliseconds(sum),
        mean: milliseconds(sum / count),
        stddev: milliseconds(Math.sqrt(squaredDeviations / count)),
        min: milliseconds(min),
        max: milliseconds(max),
        p50: percentile(50),
        p90: percentile(90),
        p95: percentile(95),
        p99: percentile(99),
      }
    },
  }
}

const none: DurationFigures = {
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
}

function milliseconds(microseconds: number): number {
  return Math.round(microseconds) / 1000
}
