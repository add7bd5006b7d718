import type { Clock } from '../clock/clock.js'
import type { JsonObject } from '../json/json-value.js'
import { directContext } from './direct-context.js'
import type { Records } from './records.js'
import type { RegisteredMethod } from './registered-callable.js'
import type { Registry } from './registry.js'

const brand = Symbol.for('@sisy/core/bound-method')

/** What a bound method stands for. */
export interface BoundTarget {
  readonly path: string
  /** The scalar fields of the record. */
  readonly record: object
}

/** Where records and their methods come from. */
export interface RecordMethods {
  readonly registry: Registry
  readonly records: Records
  readonly clock: Pick<Clock, 'now'>
}

/**
 * A record as its methods see it in `this`: the scalar fields of a row, and its methods, which are not enumerable, so
 * that the record can be spread, cloned and written.
 *
 * @param model the model's property on the client.
 */
export function methodRecord(
  { registry, records, clock }: RecordMethods,
  model: string,
  row: object,
): object {
  const record = Object.fromEntries(
    records.scalars(model).map((name) => [name, Reflect.get(row, name) as unknown]),
  )
  for (const method of registry.methodsOf(model)) {
    Object.defineProperty(record, method.name, { value: boundMethod(method, record, clock) })
  }
  return record
}

/** What a method of a row stands for; undefined for anything else. It is told across copies of this module. */
export function boundTarget(value: unknown): BoundTarget | undefined {
  if (typeof value !== 'function' || !Object.hasOwn(value, brand)) return undefined
  return Reflect.get(value, brand) as BoundTarget
}

function boundMethod(
  { path, name, implementation }: RegisteredMethod,
  record: object,
  clock: Pick<Clock, 'now'>,
) {
  const target: BoundTarget = { path, record }
  const call = async (userdata: JsonObject = {}) =>
    implementation.call(record, directContext(path, userdata, clock.now()))
  return Object.defineProperties(call, { name: { value: name }, [brand]: { value: target } })
}
