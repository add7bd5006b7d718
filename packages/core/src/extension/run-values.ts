import { InvalidTaskError } from '../errors/errors.js'
import type { NewRun } from '../run/run-row.js'
import { readDate } from '../task/read-date.js'
import type { RunOptions } from '../task/task-options.js'
import type { TargetOptions } from './call-options.js'
import { defined } from '../json/defined.js'
import { resolveTarget } from './resolve-target.js'
import type { SisyRuntime } from './sisy-runtime.js'
import { executionDefaults } from './task-values.js'

/** How far back `delayUntil` may lie, milliseconds: an app's clock and the database's never quite agree. */
const pastTolerance = 1_000

/**
 * A run to be enqueued, but for its id.
 *
 * @param options checked already.
 * @param now needed with `delayUntil`.
 * @throws as `runOnce()` does.
 */
export function newRun(
  runtime: SisyRuntime,
  target: unknown,
  options: RunOptions & TargetOptions,
  now: Date | undefined,
): Omit<NewRun, 'id'> {
  const { record, delayUntil, backoff, ...plain } = defined(options)
  const { callable, modelName, modelKey } = resolveTarget(runtime, target, record)
  return {
    ...executionDefaults,
    label: callable,
    userdata: {},
    uniqueKey: null,
    ...plain,
    callable,
    modelName,
    modelKey,
    dueAt: delayUntil === undefined ? null : readDelay(delayUntil, now),
    ...(backoff !== undefined && { backoff: defined({ ...backoff }) }),
  }
}

/** @throws InvalidTaskError for a date that lies in the past, or that is none. */
export function readDelay(delayUntil: Date | string, now: Date | undefined): Date {
  const date = readDate(delayUntil, 'delayUntil')
  if (now === undefined || date.getTime() >= now.getTime() - pastTolerance) return date
  throw new InvalidTaskError(
    `delayUntil is ${date.toISOString()}, but it is ${now.toISOString()} already. Give a future instant, or leave it out to run at once.`,
    { field: 'delayUntil', value: delayUntil },
  )
}
