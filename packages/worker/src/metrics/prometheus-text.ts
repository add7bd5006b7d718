import { version } from '@sisy/core/internal'
import { createPrometheusRegistry, toSeconds, type Sample } from './prometheus-registry.js'
import type { ChildFigures, WorkerFigures } from './worker-metrics.js'

/** What a scrape tells beside the figures. */
export interface WorkerFacts {
  /** The worker's id. */
  readonly worker: string
  /** Whether it takes runs. */
  readonly ready: boolean
}

/**
 * The figures in Prometheus's text format: seconds and bytes, counters that end in `_total`. The worker's id is a label
 * of `sisy_worker_info` only: on every series it would make new ones at each start.
 */
export async function prometheusText(figures: WorkerFigures, facts: WorkerFacts): Promise<string> {
  const { counter, gauge, durations, text } = createPrometheusRegistry()
  const { children } = figures
  const ofWorker = <Value>(value: Value): Sample<Value>[] => [[{}, value]]
  const ofChildren = <Value>(value: (child: ChildFigures) => Value): Sample<Value>[] =>
    children.map((each) => [{ child: each.child }, value(each)])

  gauge('sisy_worker_info', 'Always 1; its labels tell which worker this is.', [
    [{ worker: facts.worker, version }, 1],
  ])
  gauge('sisy_worker_ready', '1 when the worker takes runs, else 0.', ofWorker(facts.ready ? 1 : 0))

  counter('sisy_runs_total', 'Attempts that ended, by outcome.', counted(figures.runs, 'outcome'))
  durations('sisy_run_duration', 'How long attempts ran', ofWorker(figures.runTime))
  durations(
    'sisy_run_queue_delay',
    'How long attempts were due before they ran',
    ofWorker(figures.queueDelay),
  )
  counter(
    'sisy_run_cpu_seconds_total',
    'CPU time of attempts, of which it is known.',
    ofWorker(toSeconds(figures.runCpuMs)),
  )

  counter(
    'sisy_worker_cpu_seconds_total',
    "CPU time of the worker's own process, without its children.",
    ofWorker(toSeconds(figures.cpuMs)),
  )
  gauge(
    'sisy_worker_resident_memory_bytes',
    "Memory the worker's own process holds, without its children.",
    ofWorker(figures.residentBytes),
  )
  gauge(
    'sisy_worker_peak_memory_bytes',
    "The most memory the worker's own process was seen to hold.",
    ofWorker(figures.peakBytes),
  )
  gauge(
    'sisy_worker_event_loop_lag_seconds',
    "By how much the worker's event loop was late when last measured.",
    ofWorker(toSeconds(figures.lagMs)),
  )
  gauge(
    'sisy_worker_peak_event_loop_lag_seconds',
    "By how much the worker's event loop was late at most.",
    ofWorker(toSeconds(figures.peakLagMs)),
  )

  counter(
    'sisy_child_runs_total',
    'Attempts that ended in a child process, by its slot and by outcome.',
    children.flatMap(({ child, runs }) => counted(runs, 'outcome', { child })),
  )
  counter(
    'sisy_child_restarts_total',
    'Child processes that ended and were replaced, by slot and cause.',
    children.flatMap(({ child, restarts }) => counted(restarts, 'cause', { child })),
  )
  durations(
    'sisy_child_run_duration',
    'How long attempts ran in a child process',
    ofChildren(({ runTime }) => runTime),
  )
  durations(
    'sisy_child_run_queue_delay',
    'How long attempts were due before they ran in a child process',
    ofChildren(({ queueDelay }) => queueDelay),
  )
  counter(
    'sisy_child_run_cpu_seconds_total',
    'CPU time of attempts in a child process, of which it is known.',
    ofChildren(({ runCpuMs }) => toSeconds(runCpuMs)),
  )
  gauge(
    'sisy_child_up',
    '1 when a process runs in this slot and was measured, else 0.',
    ofChildren(({ pid }) => (pid === null ? 0 : 1)),
  )
  counter(
    'sisy_child_cpu_seconds_total',
    'CPU time of all child processes that followed one another in a slot.',
    ofChildren(({ cpuMs }) => toSeconds(cpuMs)),
  )
  gauge(
    'sisy_child_resident_memory_bytes',
    'Memory a child process holds; absent while there is none.',
    ofChildren(({ residentBytes }) => residentBytes),
  )
  gauge(
    'sisy_child_peak_memory_bytes',
    'The most memory a child process of this slot was seen to hold.',
    ofChildren(({ peakBytes }) => peakBytes),
  )
  gauge(
    'sisy_child_event_loop_lag_seconds',
    "By how much a child's event loop was late when last measured; absent when that cannot be told.",
    ofChildren(({ lagMs }) => (lagMs === null ? null : toSeconds(lagMs))),
  )
  gauge(
    'sisy_child_peak_event_loop_lag_seconds',
    "By how much a child's event loop was late at most.",
    ofChildren(({ peakLagMs }) => toSeconds(peakLagMs)),
  )
  return text()
}

function counted(
  counts: Readonly<Record<string, number>>,
  label: string,
  labels: Sample<number>[0] = {},
): Sample<number>[] {
  return Object.entries(counts).map(([name, count]) => [{ ...labels, [label]: name }, count])
}
