import { createDurationStatistics, type DurationFigures } from './duration-statistics.js'

/** An attempt that ended. */
export interface EndedRun {
  readonly outcome: string
  /** Milliseconds of user code. */
  readonly durationMs: number
  /** Milliseconds from when it was due to when user code began. */
  readonly queueDelayMs: number
  /** Milliseconds of CPU time of user code; null when it cannot be told. */
  readonly cpuMs: number | null
}

/** How attempts went, since the worker started. */
export type RunFigures = {
  /** Attempts by outcome. */
  readonly runs: Readonly<Record<string, number>>
  readonly runTime: DurationFigures
  readonly queueDelay: DurationFigures
  /** CPU time of all attempts of which it is known, in milliseconds. */
  readonly runCpuMs: number
}

export interface RunStatistics {
  ended(run: EndedRun): void
  figures(): RunFigures
}

export function createRunStatistics(): RunStatistics {
  const runs = new Map<string, number>()
  const runTime = createDurationStatistics()
  const queueDelay = createDurationStatistics()
  const cpu = { ms: 0 }
  return {
    ended: ({ outcome, durationMs, queueDelayMs, cpuMs }) => {
      runs.set(outcome, (runs.get(outcome) ?? 0) + 1)
      runTime.record(durationMs)
      queueDelay.record(queueDelayMs)
      if (cpuMs !== null) cpu.ms += cpuMs
    },
    figures: () => ({
      runs: Object.fromEntries(runs),
      runTime: runTime.figures(),
      queueDelay: queueDelay.figures(),
      runCpuMs: Math.round(cpu.ms * 1000) / 1000,
    }),
  }
}
