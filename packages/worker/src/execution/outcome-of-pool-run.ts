import {
  errorRecord,
  RunCrashedError,
  RunMemoryError,
  type ClaimedRun,
  type ErrorRecord,
  type Outcome,
} from '@sisy/core/internal'
import type { EndedRun } from '../subprocess/index.js'
import { outcomeOfAbort } from './outcome-of-abort.js'

const mebibyte = 1024 ** 2

/**
 * How an attempt ended that ran in a child. Pure.
 *
 * @param abortReason why it was aborted, if it was.
 */
export function outcomeOfPoolRun(
  ended: EndedRun<Outcome>,
  run: Pick<ClaimedRun, 'id' | 'callable'>,
  abortReason: Error | undefined,
): Outcome {
  switch (ended.kind) {
    case 'ok':
      return ended.value
    case 'error':
      return { kind: 'error', error: errorRecord(ended.thrown) }
    case 'aborted':
      return abortReason === undefined
        ? { kind: 'shutdown' }
        : withBlockage(outcomeOfAbort(abortReason), ended)
    case 'memory':
      return { kind: 'memory', error: memoryError(ended, run) }
    case 'crashed':
      return {
        kind: 'crashed',
        error: crashError(ended, run),
        exitCode: ended.exitCode,
        signal: ended.signal,
      }
    case 'evicted':
      return abortReason === undefined ? { kind: 'evicted' } : outcomeOfAbort(abortReason)
  }
}

type Of<Kind> = Extract<EndedRun<Outcome>, { kind: Kind }>

/** A run that was killed while it blocked its event loop could not have obeyed its signal: that is worth telling. */
function withBlockage(outcome: Outcome, { blockedMs }: EndedRun<Outcome>): Outcome {
  if (outcome.kind !== 'timeout' || blockedMs === 0) return outcome
  const { error } = outcome
  const seconds = Math.round(blockedMs / 1000)
  return {
    ...outcome,
    error: { ...error, message: `${error.message} Its event loop was blocked for ${seconds} s.` },
  }
}

function memoryError(
  { pid, residentBytes, maxMemory }: Of<'memory'>,
  run: Pick<ClaimedRun, 'id' | 'callable'>,
) {
  const held = Math.round(residentBytes / mebibyte)
  const limit = Math.round(maxMemory / mebibyte)
  return withoutStack(
    new RunMemoryError(
      `Process ${pid} held ${held} MiB while it ran ${run.callable}, over its maxMemory of ${limit} MiB, and was killed.`,
      { runId: run.id, pid: pid ?? 0, residentBytes, limitBytes: maxMemory },
    ),
  )
}

function crashError(
  { pid, exitCode, signal, thrown }: Of<'crashed'>,
  run: Pick<ClaimedRun, 'id' | 'callable'>,
): ErrorRecord {
  const uncaught = thrown === undefined ? undefined : errorRecord(thrown)
  const how = signal === null ? `ended with exit code ${exitCode}` : `was ended by ${signal}`
  const why = uncaught === undefined ? '' : `: nobody caught ${uncaught.name}: ${uncaught.message}`
  const error = withoutStack(
    new RunCrashedError(`Process ${pid} ${how} while it ran ${run.callable}${why}`, {
      runId: run.id,
      pid: pid ?? 0,
      exitCode,
      signal,
    }),
  )
  return { ...error, ...(uncaught?.stack !== undefined && { stack: uncaught.stack }) }
}

/** Where in the worker an error was made tells nobody anything. */
function withoutStack(error: Error): ErrorRecord {
  const { stack: _stack, ...told } = errorRecord(error)
  return told
}
