import { performance } from 'node:perf_hooks'

/** Runs once for each sample and returns the median time of a run, milliseconds; what a run throws is thrown on. */
export function medianTime(samples: number, run: (sample: number) => void): number {
  const times = Array.from({ length: samples }, (_, sample) => {
    const start = performance.now()
    run(sample)
    return performance.now() - start
  }).sort((a, b) => a - b)
  return times[Math.floor(samples / 2)] ?? NaN
}
