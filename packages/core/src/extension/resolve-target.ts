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
export function resolveTarget(runtime: SisyRuntime, target: unknown, record: unknown): ResolvedTarget {
  return targetResolver(runtime, target)(record)
}

/**
 * As `resolveTarget`, for a target that is called with several records: what is wrong with the target itself is thrown
 * here, what is wrong with a record by the resolver.
 */
export function targetResolver(
  { registry, records }: SisyRuntime,
  target: unknown,
): (record: unknown) => ResolvedTarget {
  const bound = boundTarget(target)
  const callable = registry.get(bound?.path ?? pathOf(target, registry))
  const { path } = callable
  if (callable.kind === 'function') {
    return withoutRecord({ callable: path, modelName: null, modelKey: null }, 'is no method of a record')
  }
  const { model } = callable
  const modelName = records.modelName(model)
  const methodOf = (record: unknown): ResolvedTarget => ({
    callable: path,
    modelName,
    modelKey: records.encodeKey(model, record),
  })
  if (bound !== undefined) return withoutRecord(methodOf(bound.record), 'was given as a method of a row')
  return (record) => {
    if (record !== undefined) return methodOf(record)
    throw new InvalidRecordKeyError(
      `"${path}" is a method of one ${modelName} record: say which with \`record\`, its primary key.`,
      { model: modelName },
    )
  }
}

function withoutRecord(resolved: ResolvedTarget, state: string): (record: unknown) => ResolvedTarget {
  return (record) => {
    if (record === undefined) return resolved
    throw new InvalidTaskError(`"${resolved.callable}" ${state}: leave \`record\` out.`, {
      field: 'record',
      value: record,
    })
  }
}

function pathOf(target: unknown, registry: SisyRuntime['registry']): string {
  if (typeof target === 'string') return target
  if (isImplementation(target)) return registry.pathOf(target)
  throw new InvalidCallableError(
    `${inspect(target, { depth: 0 })} is no callable. Give a registered function, a method of a row, or a path such as "subscription.renew".`,
    { path: inspect(target, { depth: 0 }) },
  )
}
