import {
  createProcessStatistics,
  type ProcessFigures,
  type ProcessMeasurement,
} from './process-statistics.js'
import { createRunStatistics, type EndedRun, type RunFigures } from './run-statistics.js'

/** Counts and measures what a worker and its child processes do; kept in memory, told as figures. */
export interface WorkerMetrics {
  /** An attempt ended. Cheap, and leaves no garbage. */
  runEnded(ended: AttributedRun): void
  /** A child process ended and is replaced. `cause` in one word: `crashed`, `memory`, `recycled-runs`, … */
  childRestarted(child: number, cause: string): void
  /** What was last measured of a child from outside. */
  childMeasured(child: number, measurement: ProcessMeasurement): void
  /** There is no process in this slot now; the last one is known to have used `cpuMs` milliseconds of CPU time. */
  childGone(child: number, cpuMs: number): void
  workerMeasured(measurement: WorkerMeasurement): void
  figures(): WorkerFigures
}

/** An attempt, and where it ran. */
export interface AttributedRun extends EndedRun {
  /** The slot of its child process; null when it ran in the worker itself. */
  readonly child: number | null
  /** The most memory its process held meanwhile, in bytes; null when it cannot be told. */
  readonly peakMemory: number | null
}

/** What was measured of the worker's own process. */
export interface WorkerMeasurement extends Omit<ProcessMeasurement, 'pid'> {
  readonly lagMs: number
}

// Types, not interfaces, so that they can be stored as JSON.

/** A worker since it started: all its runs, and its own process, without the children. Times are in milliseconds. */
export type WorkerFigures = RunFigures & {
  /** Replaced child processes by cause. */
  readonly restarts: Readonly<Record<string, number>>
  readonly cpuMs: number
  /** Bytes; 0 until it was measured. */
  readonly residentBytes: number
  readonly peakBytes: number
  readonly lagMs: number
  readonly peakLagMs: number
  /** In the order of their slots. */
  readonly children: readonly ChildFigures[]
}

/** One slot since the worker started: all the processes that followed one another in it. */
export type ChildFigures = RunFigures &
  ProcessFigures & {
    /** The slot's number, from 0. */
    readonly child: number
    /** By cause. */
    readonly restarts: Readonly<Record<string, number>>
  }

export function createWorkerMetrics(): WorkerMetrics {
  const runs = createRunStatistics()
  const own = createProcessStatistics()
  const slots = new Map<number, ReturnType<typeof createSlot>>()

  function slot(child: number) {
    const known = slots.get(child)
    if (known !== undefined) return known
    const made = createSlot()
    slots.set(child, made)
    return made
  }

  return {
    runEnded: (ended) => {
      const { child, peakMemory } = ended
      runs.ended(ended)
      if (child !== null) slot(child).runs.ended(ended)
      if (peakMemory !== null) (child === null ? own : slot(child).processes).sawMemory(peakMemory)
    },
    childRestarted: (child, cause) => {
      const { restarts } = slot(child)
      restarts.set(cause, (restarts.get(cause) ?? 0) + 1)
    },
    childMeasured: (child, measurement) => slot(child).processes.measured(measurement),
    childGone: (child, cpuMs) => slot(child).processes.gone(cpuMs),
    workerMeasured: (measurement) => own.measured({ pid: process.pid, ...measurement }),
    figures: () => {
      const { cpuMs, residentBytes, peakBytes, lagMs, peakLagMs } = own.figures()
      const children = [...slots].sort(([a], [b]) => a - b).map(([child, slot]) => childFigures(child, slot))
      return {
        ...runs.figures(),
        restarts: total(children.map(({ restarts }) => restarts)),
        cpuMs,
        residentBytes: residentBytes ?? 0,
        peakBytes,
        lagMs: lagMs ?? 0,
        peakLagMs,
        children,
      }
    },
  }
}

function createSlot() {
  return {
    runs: createRunStatistics(),
    processes: createProcessStatistics(),
    restarts: new Map<string, number>(),
  }
}

function childFigures(child: number, slot: ReturnType<typeof createSlot>): ChildFigures {
  return {
    child,
    ...slot.runs.figures(),
    ...slot.processes.figures(),
    restarts: Object.fromEntries(slot.restarts),
  }
}

function total(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums = new Map<string, number>()
  for (const [name, count] of counts.flatMap((each) => Object.entries(each)))
    sums.set(name, (sums.get(name) ?? 0) + count)
  return Object.fromEntries(sums)
}
