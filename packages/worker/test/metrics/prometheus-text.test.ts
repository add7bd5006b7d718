import { describe, expect, test } from '@jest/globals'
import { register } from 'prom-client'
import { prometheusText } from '../../src/metrics/prometheus-text.js'
import { createWorkerMetrics, type WorkerMetrics } from '../../src/metrics/worker-metrics.js'
import { parseExposition, type Family } from './parse-exposition.js'

const facts = { worker: 'a-worker', ready: true }

function busyWorker(): WorkerMetrics {
  const metrics = createWorkerMetrics()
  const run = { outcome: 'ok', durationMs: 125.951, queueDelayMs: 2_000, cpuMs: 50, peakMemory: null }
  metrics.runEnded({ ...run, child: 0 })
  metrics.runEnded({ ...run, child: 1 })
  metrics.runEnded({ ...run, child: 1, outcome: 'error' })
  metrics.runEnded({ ...run, child: null })
  metrics.childRestarted(1, 'crashed')
  metrics.childRestarted(0, 'crashed')
  metrics.childMeasured(0, { pid: 100, residentBytes: 90_000_000, cpuMs: 1_500, lagMs: 3 })
  metrics.workerMeasured({ residentBytes: 60_000_000, cpuMs: 700, lagMs: 1 })
  return metrics
}

const scrape = async (metrics: WorkerMetrics, ready = true) =>
  parseExposition(await prometheusText(metrics.figures(), { ...facts, ready }))

/** The series of a family as `label=value,… value`. */
function told(families: Map<string, Family>, name: string): string[] {
  return (families.get(name)?.series ?? []).map((series) => {
    const labels = Object.entries(series.labels).map(([label, value]) => `${label}=${value}`)
    const suffix = series.name.slice(name.length)
    return [suffix, ...labels, series.value].filter((part) => part !== '').join(' ')
  })
}

describe('the text for Prometheus', () => {
  test.each([
    ['an idle worker', createWorkerMetrics()],
    ['a busy one', busyWorker()],
  ])('is well formed for %s', async (_, metrics) => {
    const families = await scrape(metrics)
    expect(families.size).toBeGreaterThan(5)
    for (const [name, { type, help, series }] of families) {
      expect(name).toMatch(/^sisy_(runs?|worker|child)_/)
      expect(name.endsWith('_total')).toBe(type === 'counter')
      expect(name).toMatch(/_(total|seconds|bytes|info|ready|up)$/)
      expect(help).toMatch(/^\S.{10,}\.$/)
      expect(series.length).toBeGreaterThan(0)
      for (const { value } of series) expect(Number.isFinite(value)).toBe(true)
    }
  })

  test('tells the worker in seconds and bytes', async () => {
    const families = await scrape(busyWorker())
    expect(told(families, 'sisy_runs_total')).toEqual(['outcome=ok 3', 'outcome=error 1'])
    expect(told(families, 'sisy_run_duration_seconds')).toEqual([
      'quantile=0.5 0.125951',
      'quantile=0.9 0.125951',
      'quantile=0.95 0.125951',
      'quantile=0.99 0.125951',
      '_sum 0.503804',
      '_count 4',
    ])
    expect(families.get('sisy_run_duration_seconds')?.type).toBe('summary')
    expect(told(families, 'sisy_run_duration_mean_seconds')).toEqual(['0.125951'])
    expect(told(families, 'sisy_run_duration_stddev_seconds')).toEqual(['0'])
    expect(told(families, 'sisy_run_queue_delay_min_seconds')).toEqual(['2'])
    expect(told(families, 'sisy_run_queue_delay_max_seconds')).toEqual(['2'])
    expect(told(families, 'sisy_run_queue_delay_seconds')).toContain('_sum 8')
    expect(told(families, 'sisy_run_cpu_seconds_total')).toEqual(['0.2'])
    expect(told(families, 'sisy_worker_cpu_seconds_total')).toEqual(['0.7'])
    expect(told(families, 'sisy_worker_resident_memory_bytes')).toEqual(['60000000'])
    expect(told(families, 'sisy_worker_peak_memory_bytes')).toEqual(['60000000'])
    expect(told(families, 'sisy_worker_event_loop_lag_seconds')).toEqual(['0.001'])
  })

  test('tells each child by the number of its slot', async () => {
    const families = await scrape(busyWorker())
    expect(told(families, 'sisy_child_runs_total')).toEqual([
      'child=0 outcome=ok 1',
      'child=1 outcome=ok 1',
      'child=1 outcome=error 1',
    ])
    expect(told(families, 'sisy_child_restarts_total')).toEqual([
      'child=0 cause=crashed 1',
      'child=1 cause=crashed 1',
    ])
    expect(told(families, 'sisy_child_run_duration_seconds')).toContain('_count child=1 2')
    expect(told(families, 'sisy_child_up')).toEqual(['child=0 1', 'child=1 0'])
    expect(told(families, 'sisy_child_cpu_seconds_total')).toEqual(['child=0 1.5', 'child=1 0'])
    expect(told(families, 'sisy_child_resident_memory_bytes')).toEqual(['child=0 90000000'])
    expect(told(families, 'sisy_child_event_loop_lag_seconds')).toEqual(['child=0 0.003'])
  })

  test('leaves out what is not known', async () => {
    const families = await scrape(createWorkerMetrics())
    expect(told(families, 'sisy_run_duration_seconds')).toEqual(['_sum 0', '_count 0'])
    expect([...families.keys()].filter((name) => name.includes('mean'))).toEqual([])
    expect([...families.keys()].filter((name) => name.includes('child'))).toEqual([])
  })

  test('says which worker it is and whether it takes runs', async () => {
    const metrics = createWorkerMetrics()
    expect(told(await scrape(metrics), 'sisy_worker_info')).toEqual([
      expect.stringMatching(/^worker=a-worker version=\S+ 1$/),
    ])
    expect(told(await scrape(metrics), 'sisy_worker_ready')).toEqual(['1'])
    expect(told(await scrape(metrics, false), 'sisy_worker_ready')).toEqual(['0'])
  })

  test('stays well formed whatever an outcome is called', async () => {
    const metrics = createWorkerMetrics()
    const outcome = 'a "strange"\n\\outcome{}, = 1'
    metrics.runEnded({
      child: null,
      outcome,
      durationMs: 1,
      queueDelayMs: 1,
      cpuMs: null,
      peakMemory: null,
    })
    const families = await scrape(metrics)
    expect(families.get('sisy_runs_total')?.series).toEqual([
      { name: 'sisy_runs_total', labels: { outcome }, value: 1 },
    ])
  })

  test("keeps out of prom-client's own registry, where an app may have its metrics", async () => {
    await scrape(busyWorker())
    expect(register.getMetricsAsArray()).toEqual([])
  })
})

describe('the check of the format', () => {
  const head = '# HELP a_total Something.\n# TYPE a_total counter\n'
  test.each([
    ['a series told twice', `${head}a_total{x="1",y="2"} 1\na_total{y="2",x="1"} 1\n`],
    ['a second HELP', `${head}# HELP a_total Again.\n`],
    ['a family in two places', `${head}${head.replaceAll('a_', 'b_')}${head}`],
    ['a value without TYPE', '# HELP a Something.\na 1\n'],
    ['a value of another family', `${head}b_total 1\n`],
    ['an open quote', `${head}a_total{x="1} 1\n`],
    ['no number', `${head}a_total one\n`],
    ['an end without a line break', `${head}a_total 1`],
  ])('refuses %s', (_, text) => {
    expect(() => parseExposition(text)).toThrow()
  })
})
