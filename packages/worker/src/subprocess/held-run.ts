import type { LastBegin } from './channel/shared-file.js'
import type { Measurement } from './measure/measurement.js'
import type { RunEnd } from './channel/messages.js'
import type { LastLines } from './output/last-lines.js'
import type { PoolOutcome, RunReport } from './pool-outcome.js'
import type { WireValue } from './channel/wire-value.js'

/** A run from its arrival in the pool to its end. */
export interface HeldRun {
  readonly number: number
  readonly name: string
  readonly value: WireValue
  readonly timeoutMs: number | null
  /** What happens when that time is over; null means that its signal is aborted. */
  readonly onTimeout: (() => void) | null
  /** `monotonic()` when it arrived. */
  readonly arrivedAt: number
  /** Its process may not outlive this moment of the pool's clock; null means that nothing is said. */
  liveUntil: number | null
  /** Null until it writes a line. */
  lastLines: LastLines | null
  /** How often it was sent to a child that ended before it began. */
  misses: number
  /** When it was sent to its child, and its place among the runs sent there; null while it waits. */
  sent: { readonly at: number; readonly pid: number; readonly sequence: number } | null
  /** Whether its user code has begun, as far as it was looked at. */
  begun: boolean
  /** Set once its signal was aborted. */
  aborted: { readonly reason: unknown } | null
  /** How its child said it ended, once it did. */
  told: { readonly outcome: PoolOutcome<unknown>; readonly end: RunEnd } | null
  /** What was measured of its process meanwhile. */
  measured: Measurement | null
  /** Highest resident memory measured meanwhile, bytes. */
  measuredPeak: number | null
}

export function holdRun({
  number,
  name,
  value,
  timeoutMs,
  onTimeout,
  arrivedAt,
  liveUntil,
}: Pick<
  HeldRun,
  'number' | 'name' | 'value' | 'timeoutMs' | 'onTimeout' | 'arrivedAt' | 'liveUntil'
>): HeldRun {
  return {
    number,
    name,
    value,
    timeoutMs,
    onTimeout,
    arrivedAt,
    liveUntil,
    lastLines: null,
    misses: 0,
    sent: null,
    begun: false,
    aborted: null,
    told: null,
    measured: null,
    measuredPeak: null,
  }
}

export function noteMeasurement(run: HeldRun, measurement: Measurement): void {
  run.measured = measurement
  noteResident(run, measurement.residentBytes)
}

export function noteResident(run: HeldRun, residentBytes: number): void {
  run.measuredPeak = Math.max(run.measuredPeak ?? 0, residentBytes)
}

/** What is known when a run ends besides the run itself. */
export interface RunEndFacts {
  /** `monotonic()` */
  readonly now: number
  /** How long its process's event loop has been blocked, milliseconds. */
  readonly blockedMs: number
  /** What its process had used before it began, if it could not say itself how it ended. */
  readonly before: LastBegin | null
}

export function reportOf(run: HeldRun, { now, blockedMs, before }: RunEndFacts): RunReport {
  const { name, sent, arrivedAt } = run
  if (sent === null || !run.begun) {
    return {
      name,
      pid: null,
      queuedMs: now - arrivedAt,
      durationMs: 0,
      cpuMs: null,
      peakMemory: null,
      blockedMs: 0,
      output: [],
    }
  }
  // With several runs at once the marker may tell of a later one.
  const own = before?.sequence === sent.sequence ? before : null
  return {
    name,
    pid: sent.pid,
    queuedMs: Math.max(0, (run.told === null ? sent.at : now - run.told.end.ms) - arrivedAt),
    durationMs: run.told?.end.ms ?? now - sent.at,
    cpuMs: cpuMsOf(run, own),
    peakMemory: peakOf(run, own),
    blockedMs,
    output: run.lastLines?.read() ?? [],
  }
}

function cpuMsOf({ told, measured }: HeldRun, before: LastBegin | null): number | null {
  if (told !== null) return told.end.cpuUs / 1000
  if (measured === null || before === null) return null
  return Math.max(0, measured.cpuMs - before.usage.cpuUs / 1000)
}

/** A process remembers its highest memory ever: when that rose meanwhile, it is this run's; else what was measured. */
function peakOf({ told, measured, measuredPeak }: HeldRun, before: LastBegin | null): number | null {
  if (told?.end.peakBytes !== undefined) return told.end.peakBytes
  const highest = measured?.peakBytes ?? 0
  return before !== null && highest > before.usage.peakBytes ? highest : measuredPeak
}
