import { expect, test } from '@jest/globals'
import { exitSummary } from '../../src/metrics/exit-summary.js'
import { createWorkerMetrics } from '../../src/metrics/worker-metrics.js'

const megabyte = 1024 * 1024

test('a worker that did nothing says so', () => {
  expect(exitSummary(createWorkerMetrics().figures())).toEqual([
    'runs         none',
    'run time     none',
    'queue delay  none',
    'CPU          0 ms of the worker',
    'memory       0 MB now, peak 0 MB',
  ])
})

test('a worker and its children are summed up in aligned lines', () => {
  const metrics = createWorkerMetrics()
  const run = { outcome: 'ok', queueDelayMs: 0.25, cpuMs: null, peakMemory: null }
  for (let n = 0; n < 1_200; n += 1) metrics.runEnded({ ...run, child: 0, durationMs: 10 })
  metrics.runEnded({ ...run, child: 11, outcome: 'timeout', durationMs: 61_500 })
  metrics.childMeasured(0, { pid: 100, residentBytes: 80.25 * megabyte, cpuMs: 12_345, lagMs: null })
  metrics.childMeasured(11, { pid: 101, residentBytes: 512 * megabyte, cpuMs: 20, lagMs: null })
  metrics.childGone(11, 0)
  metrics.childRestarted(11, 'timeout')
  metrics.workerMeasured({ residentBytes: 70 * megabyte, cpuMs: 999, lagMs: 0 })
  metrics.workerMeasured({ residentBytes: 60 * megabyte, cpuMs: 1_040, lagMs: 0 })
  expect(exitSummary(metrics.figures())).toEqual([
    'runs         1,200 ok, 1 timeout',
    'run time     count 1,201, mean 61.2 ms ± 1.77 s, min 10 ms, p50 10 ms, p95 10 ms, max 61.5 s',
    'queue delay  count 1,201, mean 0.25 ms ± 0 ms, min 0.25 ms, p50 0.25 ms, p95 0.25 ms, max 0.25 ms',
    'restarts     1 timeout',
    'CPU          1.04 s of the worker, 12.4 s of its children',
    'memory       60 MB now, peak 70 MB',
    'child 0      runs 1,200  mean 10 ms ± 0 ms   restarts 0  CPU 12.3 s  memory peak 80.3 MB, 80.3 MB now',
    'child 11     runs 1      mean 61.5 s ± 0 ms  restarts 1  CPU 20 ms   memory peak 512 MB',
  ])
})

test('a child that ran nothing has no mean', () => {
  const metrics = createWorkerMetrics()
  metrics.childRestarted(0, 'start-failed')
  expect(exitSummary(metrics.figures()).at(-1)).toBe(
    'child 0      runs 0  mean – ± –  restarts 1  CPU 0 ms  memory peak 0 MB',
  )
})
