import { InvalidTaskError } from '../errors/errors.js'
import type { NewRun } from '../run/run-row.js'
import { readDate } from '../task/read-date.js'
import type { RunOptions } from '../task/task-options.js'
import type { TargetOptions } from './call-options.js'
import { defined } from '../json/defined.js'
import type { ResolvedTarget } from './resolve-target.js'
import { executionDefaults } from './task-values.js'

/** How far back `delayUntil` may lie, milliseconds: an app's clock and the database's never quite agree. */
const pastTolerance = 1_000

const noUserdata = {}

/**
 * A run to be enqueued.
 *
 * @param options checked already.
 * @param now needed with `delayUntil`.
 * @throws InvalidTaskError for a `delayUntil` that lies in the past, or that is no date.
 */
export function newRun(
  id: string,
  { callable, modelName, modelKey }: ResolvedTarget,
  options: RunOptions & TargetOptions,
  now: Date | undefined,
): NewRun {
  const { delayUntil, backoff } = options
  return {
    id,
    label: options.label ?? callable,
    callable,
    modelName,
    modelKey,
    userdata: options.userdata ?? noUserdata,
    queue: options.queue ?? executionDefaults.queue,
    priority: options.priority ?? executionDefaults.priority,
    maxAttempts: options.maxAttempts ?? executionDefaults.maxAttempts,
    backoff: backoff == null ? null : defined({ ...backoff }),
    timeoutSeconds: options.timeoutSeconds ?? executionDefaults.timeoutSeconds,
    dueAt: delayUntil === undefined ? null : readDelay(delayUntil, now),
    uniqueKey: options.uniqueKey ?? null,
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
