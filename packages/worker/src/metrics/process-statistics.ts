/** What was measured of a process from outside. */
export interface ProcessMeasurement {
  readonly pid: number
  /** Bytes of memory it holds now. */
  readonly residentBytes: number
  /** Milliseconds of CPU time since it started. */
  readonly cpuMs: number
  /** By how many milliseconds its event loop was late; null when that cannot be told. */
  readonly lagMs: number | null
}

/** A process, or those that followed one another in a slot. */
export type ProcessFigures = {
  /** Null when there is none now, or it was not measured yet; so `residentBytes`. */
  readonly pid: number | null
  readonly residentBytes: number | null
  /** The most memory that was ever seen; 0 when none was measured. */
  readonly peakBytes: number
  /** CPU time of all processes together, in milliseconds. */
  readonly cpuMs: number
  /** Null when it cannot be told. */
  readonly lagMs: number | null
  /** The longest lag that was ever seen, in milliseconds. */
  readonly peakLagMs: number
}

export interface ProcessStatistics {
  measured(measurement: ProcessMeasurement): void
  /** Memory that something else saw the process hold at its most. */
  sawMemory(bytes: number): void
  /** There is no process now. `cpuMs` is what the last one is known to have used, milliseconds; default: as measured. */
  gone(cpuMs?: number): void
  figures(): ProcessFigures
}

export function createProcessStatistics(): ProcessStatistics {
  let current: ProcessMeasurement | null = null
  let earlierCpuMs = 0
  let peakBytes = 0
  let peakLagMs = 0

  function gone(cpuMs = 0): void {
    earlierCpuMs += Math.max(cpuMs, current?.cpuMs ?? 0)
    current = null
  }

  return {
    measured: (measurement) => {
      if (current?.pid !== measurement.pid) gone()
      // A counter: a measurement that comes late does not take it back.
      const cpuMs = Math.max(current?.cpuMs ?? 0, measurement.cpuMs)
      current = { ...measurement, cpuMs }
      peakBytes = Math.max(peakBytes, measurement.residentBytes)
      peakLagMs = Math.max(peakLagMs, measurement.lagMs ?? 0)
    },
    sawMemory: (bytes) => {
      if (bytes > peakBytes) peakBytes = bytes
    },
    gone,
    figures: () => ({
      pid: current?.pid ?? null,
      residentBytes: current === null ? null : Math.round(current.residentBytes),
      peakBytes: Math.round(peakBytes),
      cpuMs: thousandths(earlierCpuMs + (current?.cpuMs ?? 0)),
      lagMs: current?.lagMs == null ? null : thousandths(current.lagMs),
      peakLagMs: thousandths(peakLagMs),
    }),
  }
}

function thousandths(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
