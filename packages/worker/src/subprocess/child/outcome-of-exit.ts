import type { HeldRun } from '../held-run.js'
import type { RunEnd } from '../channel/messages.js'
import type { ChildEndCause, PoolOutcome } from '../pool-outcome.js'
import type { ProcessEnd } from './spawn-child.js'
import { fromThrown } from '../channel/thrown.js'
import { fromWire } from '../channel/wire-value.js'

/** How a child process ended, and why. */
export interface ChildEnd extends ProcessEnd {
  readonly cause: ChildEndCause
  /** What it held when it was killed for its memory, bytes. */
  readonly residentBytes: number | null
  /** The run whose code ended it, by an exception nobody caught or by `process.exit`; null if that could not be told. */
  readonly culprit: number | null
  /** The exception nobody caught. */
  readonly uncaught: { readonly thrown: unknown } | null
}

/**
 * How a run ended whose process has ended. Pure.
 *
 * @returns null for a run that had not begun, which may go to another child.
 */
export function outcomeOfExit(
  run: Pick<HeldRun, 'number' | 'begun' | 'aborted' | 'told'>,
  end: ChildEnd,
  maxMemory: number | null,
): PoolOutcome<unknown> | null {
  if (run.told !== null) return run.told.outcome
  if (run.aborted !== null) return { kind: 'aborted', reason: run.aborted.reason }
  if (!run.begun) return null
  if (end.cause === 'memory') {
    return { kind: 'memory', residentBytes: end.residentBytes ?? 0, maxMemory: maxMemory ?? 0 }
  }
  if (end.cause !== 'crashed') return { kind: 'evicted' }
  const { culprit, uncaught, exitCode, signal } = end
  if (culprit !== null && culprit !== run.number) return { kind: 'evicted' }
  return { kind: 'crashed', exitCode, signal, ...(uncaught !== null && { thrown: uncaught.thrown }) }
}

/** How a run would have ended had it begun: it is what kills its child. Pure. */
export function outcomeIfBegun(
  run: Pick<HeldRun, 'number'>,
  end: ChildEnd,
  maxMemory: number | null,
): PoolOutcome<unknown> {
  const begun = { number: run.number, begun: true, aborted: null, told: null }
  return outcomeOfExit(begun, end, maxMemory) ?? { kind: 'evicted' }
}

/** How a run ended as its child tells. Pure. */
export function outcomeOfMessage(
  run: Pick<HeldRun, 'aborted'>,
  { value, thrown }: Pick<RunEnd, 'value' | 'thrown'>,
): PoolOutcome<unknown> {
  if (thrown !== undefined) return outcomeOfThrow(run, fromThrown(thrown))
  return { kind: 'ok', value: value === undefined ? undefined : fromWire(value) }
}

/** How a run ended that threw. After its signal was aborted a rejection has the cause of the abort. Pure. */
export function outcomeOfThrow({ aborted }: Pick<HeldRun, 'aborted'>, thrown: unknown): PoolOutcome<never> {
  return aborted === null ? { kind: 'error', thrown } : { kind: 'aborted', reason: aborted.reason }
}
