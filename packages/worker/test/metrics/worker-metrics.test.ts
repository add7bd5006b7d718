import { describe, expect, test } from '@jest/globals'
import type { JsonObject } from '@sisy/core/internal'
import { createWorkerMetrics } from '../../src/metrics/worker-metrics.js'

const run = {
  child: null,
  outcome: 'ok',
  durationMs: 10,
  queueDelayMs: 5,
  cpuMs: null,
  peakMemory: null,
}
const measurement = { pid: 100, residentBytes: 50_000_000, cpuMs: 1_000, lagMs: 2 }

describe('a worker', () => {
  test('has figures before anything happened', () => {
    expect(createWorkerMetrics().figures()).toMatchObject({
      runs: {},
      restarts: {},
      runTime: { count: 0, sum: 0, mean: null },
      queueDelay: { count: 0 },
      runCpuMs: 0,
      cpuMs: 0,
      residentBytes: 0,
      peakBytes: 0,
      lagMs: 0,
      peakLagMs: 0,
      children: [],
    })
  })

  test('counts runs by outcome, in itself and in its children', () => {
    const metrics = createWorkerMetrics()
    metrics.runEnded({ ...run, cpuMs: 4 })
    metrics.runEnded({ ...run, child: 2, durationMs: 30, queueDelayMs: 15, cpuMs: 1.5 })
    metrics.runEnded({ ...run, child: 2, outcome: 'error', durationMs: 50 })
    metrics.runEnded({ ...run, child: 0, outcome: 'crashed', cpuMs: 0.25 })
    const figures = metrics.figures()
    expect(figures).toMatchObject({
      runs: { ok: 2, error: 1, crashed: 1 },
      runTime: { count: 4, sum: 100, mean: 25, min: 10, max: 50 },
      queueDelay: { count: 4, sum: 30, max: 15 },
      runCpuMs: 5.75,
    })
    expect(figures.children).toMatchObject([
      { child: 0, runs: { crashed: 1 }, runTime: { count: 1 }, runCpuMs: 0.25 },
      { child: 2, runs: { ok: 1, error: 1 }, runTime: { count: 2, sum: 80 }, runCpuMs: 1.5 },
    ])
  })

  test('counts restarts by cause, and for each child', () => {
    const metrics = createWorkerMetrics()
    metrics.childRestarted(1, 'crashed')
    metrics.childRestarted(0, 'memory')
    metrics.childRestarted(1, 'crashed')
    metrics.childRestarted(1, 'memory')
    expect(metrics.figures()).toMatchObject({
      restarts: { crashed: 2, memory: 2 },
      children: [{ restarts: { memory: 1 } }, { restarts: { crashed: 2, memory: 1 } }],
    })
  })

  test('tells its own process apart from its children', () => {
    const metrics = createWorkerMetrics()
    metrics.childMeasured(0, measurement)
    metrics.workerMeasured({ residentBytes: 80_000_000.4, cpuMs: 3, lagMs: 9.87654 })
    metrics.workerMeasured({ residentBytes: 70_000_000, cpuMs: 7, lagMs: 1 })
    expect(metrics.figures()).toMatchObject({
      cpuMs: 7,
      residentBytes: 70_000_000,
      peakBytes: 80_000_000,
      lagMs: 1,
      peakLagMs: 9.877,
      children: [{ pid: 100, residentBytes: 50_000_000 }],
    })
  })

  test('takes what a run held at its most for a peak of the process it ran in', () => {
    const metrics = createWorkerMetrics()
    metrics.childMeasured(0, measurement)
    metrics.runEnded({ ...run, child: 0, peakMemory: 90_000_000 })
    metrics.runEnded({ ...run, child: 0, peakMemory: 60_000_000 })
    metrics.runEnded({ ...run, peakMemory: 120_000_000 })
    expect(metrics.figures()).toMatchObject({
      peakBytes: 120_000_000,
      children: [{ peakBytes: 90_000_000, residentBytes: 50_000_000 }],
    })
  })

  test('has figures that survive JSON and can be stored', () => {
    const metrics = createWorkerMetrics()
    metrics.runEnded({ ...run, child: 0, durationMs: 1 / 3, cpuMs: 2 / 3 })
    metrics.childMeasured(0, { ...measurement, lagMs: 1 / 3 })
    metrics.childRestarted(1, 'timeout')
    const figures: JsonObject = metrics.figures()
    expect(JSON.parse(JSON.stringify(figures))).toEqual(figures)
    expect(JSON.stringify(figures)).not.toMatch(/\.\d{4}/)
  })
})

describe('a slot', () => {
  const childAfter = (happened: (metrics: ReturnType<typeof createWorkerMetrics>) => void) => {
    const metrics = createWorkerMetrics()
    happened(metrics)
    return metrics.figures().children[0]
  }

  test('adds up the CPU time of the processes that followed one another in it', () => {
    const child = childAfter((metrics) => {
      metrics.childMeasured(0, { ...measurement, cpuMs: 500 })
      metrics.childMeasured(0, measurement)
      metrics.childGone(0, 0)
      metrics.childMeasured(0, { ...measurement, pid: 101, cpuMs: 30 })
      metrics.childMeasured(0, { ...measurement, pid: 102, cpuMs: 4 })
    })
    expect(child).toMatchObject({ pid: 102, cpuMs: 1_034 })
  })

  test('does not take CPU time back', () => {
    const child = childAfter((metrics) => {
      metrics.childMeasured(0, measurement)
      metrics.childMeasured(0, { ...measurement, cpuMs: 900 })
    })
    expect(child).toMatchObject({ cpuMs: 1_000 })
  })

  test('has no process and no memory after its process is gone, but its peaks', () => {
    const child = childAfter((metrics) => {
      metrics.childMeasured(0, measurement)
      metrics.childGone(0, 0)
      metrics.childGone(0, 0)
    })
    expect(child).toMatchObject({
      pid: null,
      residentBytes: null,
      lagMs: null,
      peakBytes: 50_000_000,
      cpuMs: 1_000,
      peakLagMs: 2,
    })
  })

  test('has no lag while it cannot be told', () => {
    const child = childAfter((metrics) => {
      metrics.childMeasured(0, measurement)
      metrics.childMeasured(0, { ...measurement, lagMs: null })
    })
    expect(child).toMatchObject({ lagMs: null, peakLagMs: 2 })
  })
})
