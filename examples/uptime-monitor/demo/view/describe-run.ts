import type { Prisma, TaskRun } from '../../src/generated/prisma/client.js'
import type { Answer } from '../../src/request-site.js'
import { duration } from './describe-time.js'

/** A run in words. */
export interface RunDescription {
  readonly word: 'due' | 'running' | 'waiting' | 'retry' | 'done' | 'failed' | 'cancelled'
  /** When it ended, or else is or was due. */
  readonly at: Date
  readonly label: string
  /** How long it took, or takes already; empty before it starts. */
  readonly took: string
  /** What it gave, or why it failed. */
  readonly detail: string
  /** Whether the detail tells of something that did not go well. */
  readonly isTrouble: boolean
}

/** Describes a run as it is at `now`. */
export function describeRun(run: TaskRun, now: Date): RunDescription {
  const { label, attempt, maxAttempts, startedAt, state, result } = run
  const took = (end: Date) => (startedAt === null ? '' : duration(end.getTime() - startedAt.getTime()))
  const pending = { label, at: run.dueAt, took: '', isTrouble: attempt > 1 }
  const ended = { label, at: run.finishedAt ?? now, took: took(run.finishedAt ?? now) }
  const tries = attempt > 1 ? `try ${attempt} of ${maxAttempts}, after: ${lastError(run.attempts)}` : ''
  switch (state) {
    case 'succeeded': {
      const detail = [textOf(result), tries].filter(Boolean).join('; ')
      return { ...ended, word: 'done', detail, isTrouble: isAnswer(result) && result.error !== null }
    }
    case 'failed':
      return { ...ended, word: 'failed', detail: lastError(run.attempts), isTrouble: true }
    case 'cancelled':
      return { ...ended, word: 'cancelled', detail: '', isTrouble: true }
    case 'running':
      return { ...pending, word: 'running', took: took(now), detail: tries }
    case 'scheduled':
      if (attempt === 0) return { ...pending, word: 'waiting', detail: '' }
      return {
        ...pending,
        word: 'retry',
        detail: `after try ${attempt}: ${lastError(run.attempts)}`,
        isTrouble: true,
      }
    default:
      return { ...pending, word: 'due', detail: tries }
  }
}

/** What a callable returned: an answer of a site in short, else each member: `checks 40, failed 2`. */
function textOf(result: Prisma.JsonValue): string {
  if (isAnswer(result)) return answerText(result)
  if (typeof result === 'string') return result
  if (!isObject(result)) return result === null ? '' : JSON.stringify(result)
  return Object.entries(result)
    .map(([name, value]) => `${name} ${JSON.stringify(value)}`)
    .join(', ')
}

/** An answer of a site: `200 in 4 ms`, or why there is none. */
export function answerText({ status, latencyMs, error }: Answer): string {
  return error ?? `${status} in ${latencyMs} ms`
}

const isAnswer = (result: Prisma.JsonValue): result is Prisma.JsonObject & Answer =>
  isObject(result) && 'latencyMs' in result && 'error' in result

/** The message of the last entry in a run's log of attempts. */
function lastError(attempts: Prisma.JsonValue): string {
  const entry = Array.isArray(attempts) ? attempts.at(-1) : undefined
  if (!isObject(entry)) return ''
  const { error, cause } = entry
  const text = isObject(error) ? error['message'] : cause
  return typeof text === 'string' ? text : ''
}

const isObject = (value: Prisma.JsonValue | undefined): value is Prisma.JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
