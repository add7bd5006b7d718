import { withoutSecrets } from '../errors/without-secrets.js'
import type { JsonValue } from '../json/json-value.js'
import { storableText } from '../json/storable-text.js'
import { retryDelay } from './backoff.js'
import type { AttemptEntry, Outcome } from './outcome.js'

/** What the decision needs to know of the run. */
export interface DecidedRun {
  /** 1-based; the attempt that just ended. */
  readonly attempt: number
  readonly maxAttempts: number
  readonly backoff: unknown
  readonly onMissingRecord: string
  /** When user code began; null if it had not. */
  readonly startedAt: Date | null
  readonly workerId: string | null
  readonly pid: number | null
  /** The most resident memory of the attempt's process, bytes; null when it is not known. */
  readonly peakMemory: number | null
  /** CPU time of the attempt, milliseconds; null when it is not known. */
  readonly cpuMs: number | null
  /** The last lines the attempt wrote to standard output and standard error, oldest first. */
  readonly output: readonly string[]
}

/** What becomes of a run: the columns to write. */
export interface Transition {
  readonly state: 'due' | 'scheduled' | 'succeeded' | 'failed' | 'cancelled'
  /** When it is tried again; null keeps the instant it has. */
  readonly dueAt: Date | null
  /** Attempts that count so far. */
  readonly attempt: number
  readonly result: JsonValue
  /** What the attempt log gets; null when there is nothing to tell. */
  readonly entry: AttemptEntry | null
  /** Whether the task goes too, because its record is gone. */
  readonly deleteTask: boolean
  /** The most resident memory of this attempt's process, whole bytes; null when it is not known. */
  readonly peakMemory: number | null
  /** CPU time of this attempt, whole milliseconds; null when it is not known. */
  readonly cpuMs: number | null
}

/**
 * What becomes of a run after an attempt. Pure: `now` and the random number are given.
 *
 * @param random between 0 and 1; spreads retries.
 */
export function decideTransition(outcome: Outcome, run: DecidedRun, now: Date, random: number): Transition {
  // First, and without copies: most attempts end so.
  if (outcome.kind === 'ok') return success(outcome.result, run)
  const unchanged = success(null, run)
  const given = { ...unchanged, attempt: Math.max(0, run.attempt - 1) }
  switch (outcome.kind) {
    case 'error':
    case 'timeout':
    case 'memory':
    case 'crashed': {
      const entry = attemptEntry(outcome, run, now)
      if (run.attempt >= run.maxAttempts) return { ...unchanged, state: 'failed', entry }
      const dueAt = later(now, retryDelay(run.attempt, run.backoff, random))
      return { ...unchanged, state: 'scheduled', dueAt, entry }
    }
    case 'missing': {
      const deleteTask = run.onMissingRecord === 'delete'
      return {
        ...unchanged,
        state: deleteTask ? 'cancelled' : 'failed',
        entry: attemptEntry(outcome, run, now),
        deleteTask,
      }
    }
    case 'discard':
      return { ...unchanged, state: 'failed', entry: attemptEntry(outcome, run, now) }
    case 'cancelled':
      return { ...unchanged, state: 'cancelled', entry: attemptEntry(outcome, run, now) }
    case 'shutdown':
    case 'evicted':
      return { ...given, state: 'due' }
    case 'lost': {
      if (run.startedAt === null) return { ...given, state: 'due' }
      const state = run.attempt >= run.maxAttempts ? 'failed' : 'due'
      return { ...unchanged, state, entry: attemptEntry(outcome, run, now) }
    }
    case 'snooze':
      return { ...given, state: 'scheduled', dueAt: later(now, outcome.ms) }
  }
}

function success(result: JsonValue, run: DecidedRun): Transition {
  return {
    state: 'succeeded',
    dueAt: null,
    attempt: run.attempt,
    result,
    entry: null,
    deleteTask: false,
    peakMemory: whole(run.peakMemory),
    cpuMs: whole(run.cpuMs),
  }
}

/** Years ahead, dates end to be dates for the database. */
const longestDelayMs = 100 * 365 * 86_400_000

function later(now: Date, ms: number): Date {
  return new Date(now.getTime() + Math.min(ms, longestDelayMs))
}

function whole(figure: number | null): number | null {
  return figure === null ? null : Math.round(figure)
}

function attemptEntry(outcome: Exclude<Outcome, { kind: 'ok' }>, run: DecidedRun, now: Date): AttemptEntry {
  const [peakMemory, cpuMs] = [whole(run.peakMemory), whole(run.cpuMs)]
  return {
    attempt: run.attempt,
    cause: outcome.kind,
    ...('error' in outcome && { error: outcome.error }),
    ...('reason' in outcome && { reason: outcome.reason }),
    ...(outcome.kind === 'crashed' && exit(outcome)),
    ...(run.workerId !== null && { workerId: run.workerId }),
    ...(run.pid !== null && { pid: run.pid }),
    ...(run.startedAt !== null && {
      startedAt: run.startedAt.toISOString(),
      durationMs: now.getTime() - run.startedAt.getTime(),
    }),
    endedAt: now.toISOString(),
    ...(peakMemory !== null && { peakMemory }),
    ...(cpuMs !== null && { cpuMs }),
    ...(run.output.length > 0 && { output: run.output.map((line) => storableText(withoutSecrets(line))) }),
  }
}

function exit({
  exitCode,
  signal,
}: Extract<Outcome, { kind: 'crashed' }>): Pick<AttemptEntry, 'exitCode' | 'signal'> {
  return { ...(exitCode !== null && { exitCode }), ...(signal !== null && { signal }) }
}
