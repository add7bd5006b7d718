import { inspect } from 'node:util'
import { didYouMean } from '../errors/did-you-mean.js'
import { InvalidTaskError } from '../errors/errors.js'
import { isUnstorable } from '../json/is-unstorable.js'
import type { RunsWhere, Store } from '../store/store.js'
import { isName, nameText } from '../task/task-field-rules.js'
import { isUuid } from './is-uuid.js'
import { resolveTarget } from './resolve-target.js'
import type { SisyRuntime } from './sisy-runtime.js'
import type { CancelledRuns } from './task-methods.js'

/** How many runs one statement cancels. */
const chunkSize = 1_000

const accepted: Readonly<Record<string, string>> = {
  taskId: 'the id of a task',
  key: nameText,
  uniqueKey: nameText,
  callable: 'the path of a registered callable, a text',
  record: 'the primary key of a record',
  queue: nameText,
  label: 'a text that is not empty',
}

/**
 * Cancels all unfinished runs that `where` names, a thousand in a statement.
 *
 * @throws InvalidTaskError for a `where` that names nothing, or has a member that is unknown or undefined: neither may
 *   ever cancel everything.
 * @throws UnknownCallableError, InvalidRecordKeyError.
 */
export async function cancelRuns(runtime: SisyRuntime, store: Store, where: object): Promise<CancelledRuns> {
  const wanted = runsWhere(runtime, where)
  let cancelled = 0
  let requested = 0
  for (;;) {
    const chunk = await store.cancelRuns(wanted, chunkSize)
    cancelled += chunk.cancelled
    requested += chunk.requested
    if (!chunk.more) return { cancelled, requested }
  }
}

function runsWhere(runtime: SisyRuntime, where: object): RunsWhere {
  const given = Object.entries(where) as [string, unknown][]
  if (given.length === 0) throw refused('where', where, `at least one of ${Object.keys(accepted).join(', ')}`)
  for (const [name, value] of given) checkMember(name, value)
  const { callable, record, ...columns } = Object.fromEntries(given)
  if (typeof callable !== 'string') {
    if (record !== undefined) throw refused('record', record, 'the callable too, the path of its method')
    return columns
  }
  if (record === undefined) return { ...columns, callable: runtime.registry.get(callable).path }
  const { callable: path, modelKey } = resolveTarget(runtime, callable, record)
  return { ...columns, callable: path, ...(modelKey !== null && { modelKey }) }
}

function checkMember(name: string, value: unknown): void {
  const known = Object.keys(accepted)
  if (!known.includes(name)) {
    throw new InvalidTaskError(
      `"${name}" names no runs.${didYouMean(name, known)} Known: ${known.join(', ')}.`,
      { field: name, value },
    )
  }
  if (!isAccepted(name, value)) throw refused(name, value, accepted[name] ?? '')
}

function isAccepted(name: string, value: unknown): boolean {
  switch (name) {
    case 'taskId':
      return isUuid(value)
    case 'record':
      return typeof value === 'object' && value !== null
    case 'callable':
    case 'label':
      return typeof value === 'string' && value !== '' && !isUnstorable(value)
    default:
      return isName(value)
  }
}

function refused(field: string, value: unknown, instead: string): InvalidTaskError {
  return new InvalidTaskError(
    `${field} is ${inspect(value, { depth: 1 })}, but cancel() cancels nothing it was not told to; give ${instead}.`,
    {
      field,
      value,
    },
  )
}
