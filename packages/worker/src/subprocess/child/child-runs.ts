import type { LastBegin } from '../channel/shared-file.js'
import { noteMeasurement, reportOf, type HeldRun, type RunEndFacts } from '../held-run.js'
import type { Measurement } from '../measure/measurement.js'
import { createLastLines, lastOutputMs } from '../output/last-lines.js'
import type { PoolClock } from '../pool-clock.js'
import { PoolTimeoutError } from '../pool-errors.js'
import type { EndedRun, PoolOutcome } from '../pool-outcome.js'

/** The runs that one child has, each with its one timer: for its timeout, or once aborted for its grace period. */
export interface ChildRuns {
  readonly held: ReadonlyMap<number, HeldRun>
  /** How many of them have not told their end: others only wait for the last of their output. */
  readonly executing: number
  add(run: HeldRun): void
  /** Takes note of what the child began last, null when that cannot be told. @returns whether any run here has begun. */
  noteBegun(last: LastBegin | null): boolean
  /** Names of the runs that have begun. */
  begunNames(last: LastBegin | null): string[]
  /** Calls back after so many milliseconds unless the run has ended; replaces what was set before. */
  setTimer(run: HeldRun, ms: number, callback: () => void): void
  /** Limits a run's time, which begins with it; one that could not begin yet has all of it. */
  limitTime(
    run: HeldRun,
    timeoutMs: number,
    lastBegin: () => LastBegin | null,
    abort: (run: HeldRun, reason: unknown) => void,
  ): void
  /** Calls back when so many lines of a run have arrived: its output has another way to go than its end. */
  awaitOutput(run: HeldRun, lines: number, callback: () => void): void
  measured(measurement: Measurement): void
  /** Takes a run out. @returns how it ended; null if it is gone already. */
  end(run: HeldRun, outcome: PoolOutcome<unknown>, facts: ChildEndFacts): EndedRun<unknown> | null
  /** Takes a run out that did not begin. */
  drop(run: HeldRun): void
  /** Takes all runs out. */
  clear(): HeldRun[]
}

export function createChildRuns(clock: PoolClock): ChildRuns {
  const held = new Map<number, HeldRun>()
  const timers = new Map<HeldRun, () => void>()

  function dropTimer(run: HeldRun): void {
    timers.get(run)?.()
    timers.delete(run)
  }

  function setTimer(run: HeldRun, ms: number, callback: () => void): void {
    dropTimer(run)
    timers.set(run, clock.after(ms, callback))
  }

  function noteBegun(last: LastBegin | null): boolean {
    let any = false
    for (const run of held.values()) {
      run.begun ||= last === null || (run.sent?.sequence ?? Infinity) <= last.sequence
      any ||= run.begun
    }
    return any
  }

  const limitTime: ChildRuns['limitTime'] = (run, timeoutMs, lastBegin, abort) => {
    setTimer(run, timeoutMs, () => {
      noteBegun(lastBegin())
      if (!run.begun) limitTime(run, timeoutMs, lastBegin, abort)
      else if (run.onTimeout !== null) run.onTimeout()
      else abort(run, new PoolTimeoutError(run.name, timeoutMs))
    })
  }

  return {
    held,
    get executing() {
      let count = 0
      for (const { told } of held.values()) if (told === null) count += 1
      return count
    },
    add: (run) => {
      held.set(run.number, run)
    },
    noteBegun,
    begunNames: (last) => {
      noteBegun(last)
      return [...held.values()].filter(({ begun }) => begun).map(({ name }) => name)
    },
    setTimer,
    limitTime,
    awaitOutput: (run, lines, callback) => {
      if (lines === 0) {
        callback()
        return
      }
      setTimer(run, lastOutputMs, callback)
      run.lastLines ??= createLastLines()
      run.lastLines.whenArrived(lines, callback)
    },
    measured: (measurement) => {
      for (const run of held.values()) noteMeasurement(run, measurement)
    },
    end: (run, outcome, facts) => {
      if (!held.delete(run.number)) return null
      dropTimer(run)
      return endedRun(run, outcome, facts)
    },
    drop: (run) => {
      held.delete(run.number)
      dropTimer(run)
    },
    clear: () => {
      const all = [...held.values()]
      held.clear()
      for (const run of all) dropTimer(run)
      return all
    },
  }
}

export interface ChildEndFacts extends RunEndFacts {
  /** The child's place in the pool. */
  readonly slot: number
}

/** An outcome with what is known besides. */
export function endedRun(
  run: HeldRun,
  outcome: PoolOutcome<unknown>,
  facts: ChildEndFacts,
): EndedRun<unknown> {
  const { slot } = facts
  const { name, pid, queuedMs, durationMs, cpuMs, peakMemory, blockedMs, output } = reportOf(run, facts)
  const { kind } = outcome
  // Written out, since a spread is slow, and most runs end well.
  if (kind === 'ok') {
    const { value } = outcome
    return { kind, value, name, pid, queuedMs, durationMs, cpuMs, peakMemory, blockedMs, output, slot }
  }
  return { ...outcome, name, pid, queuedMs, durationMs, cpuMs, peakMemory, blockedMs, output, slot }
}
