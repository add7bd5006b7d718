import { Counter, Gauge, Registry, Summary } from 'prom-client'
import type { DurationFigures } from './duration-statistics.js'

/** A value, and the labels that tell it from its siblings under the same name. */
export type Sample<Value> = readonly [labels: Readonly<Record<string, string | number>>, value: Value]

/** One scrape's metrics: what is given is what is told, nothing is counted in here. */
export interface PrometheusRegistry {
  /** `help` says in a sentence what it means. A metric without samples is left out; so everywhere here. */
  readonly counter: (name: string, help: string, samples: readonly Sample<number>[]) => void
  /** Samples that are null are left out. */
  readonly gauge: (name: string, help: string, samples: readonly Sample<number | null>[]) => void
  /**
   * A summary in seconds with its `_count` and `_sum`, and gauges of mean, standard deviation, minimum and maximum.
   * `name` goes without the unit; `what` says what is measured, and begins the help of each.
   */
  readonly durations: (name: string, what: string, samples: readonly Sample<DurationFigures>[]) => void
  /** All of it in the text exposition format. */
  readonly text: () => Promise<string>
}

const quantiles = [
  ['p50', 0.5],
  ['p90', 0.9],
  ['p95', 0.95],
  ['p99', 0.99],
] as const
const moments = [
  ['mean', 'the mean'],
  ['stddev', 'the standard deviation'],
  ['min', 'the shortest'],
  ['max', 'the longest'],
] as const

export function createPrometheusRegistry(): PrometheusRegistry {
  const registry = new Registry()

  function counter(name: string, help: string, samples: readonly Sample<number>[]): void {
    // A metric that is given no labels would tell 0 by itself.
    if (samples.length === 0) return
    const metric = new Counter({ name, help, labelNames: labelNames(samples), registers: [registry] })
    for (const [labels, value] of samples) metric.inc(labels, value)
  }

  function gauge(name: string, help: string, samples: readonly Sample<number | null>[]): void {
    const known = samples.flatMap(([labels, value]) => (value === null ? [] : [{ labels, value }]))
    if (known.length === 0) return
    const metric = new Gauge({ name, help, labelNames: labelNames(samples), registers: [registry] })
    for (const { labels, value } of known) metric.set(labels, value)
  }

  function summary(name: string, help: string, samples: readonly Sample<DurationFigures>[]): void {
    if (samples.length === 0) return
    const values = samples.flatMap(([labels, figures]) => summaryValues(name, labels, figures))
    const metric = new Summary({ name, help, registers: [] })
    // prom-client makes quantiles of what it observes itself; ours are made already, and take the place of its own.
    const empty = metric.get.bind(metric)
    registry.registerMetric(Object.assign(metric, { get: async () => ({ ...(await empty()), values }) }))
  }

  return {
    counter,
    gauge,
    durations: (name, what, samples) => {
      summary(`${name}_seconds`, `${what}, in seconds, since the worker started.`, samples)
      for (const [moment, word] of moments) {
        const ofMoment = samples.map(
          ([labels, figures]) => [labels, secondsIfKnown(figures[moment])] as const,
        )
        gauge(
          `${name}_${moment}_seconds`,
          `${what}: ${word}, in seconds, since the worker started.`,
          ofMoment,
        )
      }
    },
    text: () => registry.metrics(),
  }
}

function summaryValues(name: string, labels: Sample<number>[0], figures: DurationFigures) {
  const values = quantiles.flatMap(([percentile, quantile]) => {
    const value = secondsIfKnown(figures[percentile])
    return value === null ? [] : [{ labels: { ...labels, quantile }, value }]
  })
  return [
    ...values,
    { metricName: `${name}_sum`, labels, value: toSeconds(figures.sum) },
    { metricName: `${name}_count`, labels, value: figures.count },
  ]
}

function labelNames(samples: readonly Sample<unknown>[]): string[] {
  return [...new Set(samples.flatMap(([labels]) => Object.keys(labels)))]
}

/** Milliseconds of three decimals as seconds, without the digits that dividing alone would add. */
export function toSeconds(ms: number): number {
  return Math.round(ms * 1000) / 1_000_000
}

function secondsIfKnown(ms: number | null): number | null {
  return ms === null ? null : toSeconds(ms)
}
