import { inspect } from 'node:util'
import { boundTarget } from '../callable/bound-method.js'
import { isImplementation } from '../callable/implementation.js'
import { InvalidCallableError, InvalidRecordKeyError, InvalidTaskError } from '../errors/errors.js'
import type { JsonObject } from '../json/json-value.js'
import type { SisyRuntime } from './sisy-runtime.js'

/** What to call, as rows name it. */
export interface ResolvedTarget {
  readonly callable: string
  readonly modelName: string | null
  readonly modelKey: JsonObject | null
}

/**
 * What a call's first argument names: a path, a registered function, or a method of a row.
 *
 * @param record the option of that name: with a path to a record's method the record, else undefined.
 * @throws UnknownCallableError, AmbiguousCallableError, InvalidCallableError for the target.
 * @throws InvalidRecordKeyError, InvalidTaskError for the record.
 */
export function resolveTarget(
  { registry, records }: SisyRuntime,
  target: unknown,
  record: unknown,
): ResolvedTarget {
  const bound = boundTarget(target)
  const callable = registry.get(bound?.path ?? pathOf(target, registry))
  const { path } = callable
  if (callable.kind === 'function') {
    if (record !== undefined) throw unwantedRecord(path, 'is no method of a record', record)
    return { callable: path, modelName: null, modelKey: null }
  }
  if (bound !== undefined && record !== undefined)
    throw unwantedRecord(path, 'was given as a method of a row', record)
  const named = bound?.record ?? record
  const modelName = records.modelName(callable.model)
  if (named === undefined) {
    throw new InvalidRecordKeyError(
      `"${path}" is a method of one ${modelName} record: say which with \`record\`, its primary key.`,
      { model: modelName },
    )
  }
  return { callable: path, modelName, modelKey: records.encodeKey(callable.model, named) }
}

function pathOf(target: unknown, registry: SisyRuntime['registry']): string {
  if (typeof target === 'string') return target
  if (isImplementation(target)) return registry.pathOf(target)
  throw new InvalidCallableError(
    `${inspect(target, { depth: 0 })} is no callable. Give a registered function, a method of a row, or a path such as "subscription.renew".`,
    { path: inspect(target, { depth: 0 }) },
  )
}

function unwantedRecord(path: string, state: string, record: unknown): InvalidTaskError {
  return new InvalidTaskError(`"${path}" ${state}: leave \`record\` out.`, { field: 'record', value: record })
}
