import type { Backoff } from '../task/task-options.js'

/** What a retry waits for when the task says nothing: up to a second, doubling, up to an hour. */
export const defaultBackoff: Required<Backoff> = { baseMs: 1_000, factor: 2, maxMs: 3_600_000 }

/**
 * Milliseconds until the retry after the given attempt: exponential with full jitter, so that runs that failed
 * together do not come back together.
 *
 * @param attempt the attempt that failed, 1-based.
 * @param backoff the row's `backoff`; members that are no positive numbers take their default.
 * @param random between 0 and 1.
 */
export function retryDelay(attempt: number, backoff: unknown, random: number): number {
  const baseMs = positive(backoff, 'baseMs')
  const factor = Math.max(1, positive(backoff, 'factor'))
  const maxMs = positive(backoff, 'maxMs')
  return Math.round(random * Math.min(maxMs, baseMs * factor ** (attempt - 1)))
}

function positive(backoff: unknown, member: keyof Backoff): number {
  if (typeof backoff !== 'object' || backoff === null || !(member in backoff)) return defaultBackoff[member]
  const value = Reflect.get(backoff, member) as unknown
  return typeof value === 'number' && value > 0 ? value : defaultBackoff[member]
}
