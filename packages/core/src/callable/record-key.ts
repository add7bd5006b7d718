import { InvalidRecordKeyError } from '../errors/errors.js'
import type { JsonObject, JsonValue } from '../json/json-value.js'
import type { KeyType } from './key-value.js'

/** What is known of a model's primary key. */
export interface RecordKeyShape {
  /** The model, as the schema names it. */
  readonly model: string
  /** What a `where` calls the key: the field itself, or the name of a key of several fields. */
  readonly name: string
  /** The fields with their types, in their order. */
  readonly fields: readonly { readonly name: string; readonly type: KeyType }[]
}

/**
 * A record's primary key as JSON: `{"id": 1}`, `{"region": "eu", "number": "5"}`. BigInt and Decimal become strings,
 * DateTime ISO 8601, Bytes base64.
 *
 * @param record the key, a whole row, or a key of several fields nested under its name as in a `where`.
 * @throws InvalidRecordKeyError when a member is missing or not of its field's type.
 */
export function encodeRecordKey(shape: RecordKeyShape, record: unknown): JsonObject {
  const members = membersOf(shape, record)
  return Object.fromEntries(
    shape.fields.map(({ name, type }): [string, JsonValue] => [
      name,
      type.encode(members[name]) ?? refuse(shape, record, name, members[name], type.accepts),
    ]),
  )
}

/**
 * The `where` of the record a JSON key names: `{ id: 1 }`, `{ region_number: { region: 'eu', number: 5n } }`.
 *
 * @throws InvalidRecordKeyError when a member is missing or not of its field's type.
 */
export function decodeRecordKey(shape: RecordKeyShape, key: unknown): Record<string, unknown> {
  const members = membersOf(shape, key)
  const decoded = Object.fromEntries(
    shape.fields.map(({ name, type }) => [
      name,
      type.decode(members[name]) ?? refuse(shape, key, name, members[name], `${type.accepts}, as JSON`),
    ]),
  )
  return shape.fields.length === 1 ? decoded : { [shape.name]: decoded }
}

function membersOf({ model, name, fields }: RecordKeyShape, record: unknown): Record<string, unknown> {
  if (!isObject(record)) {
    throw new InvalidRecordKeyError(
      `A record of ${model} is named by its primary key, { ${fields.map((field) => field.name).join(', ')} }; ${String(record)} was given.`,
      { model, key: record },
    )
  }
  const nested = record[name]
  return fields.length > 1 && isObject(nested) ? nested : record
}

function refuse(
  { model }: RecordKeyShape,
  key: unknown,
  field: string,
  value: unknown,
  accepts: string,
): never {
  const state = value === undefined ? 'is missing' : `is ${describe(value)}`
  throw new InvalidRecordKeyError(
    `The key of a ${model} record is not complete: ${field} ${state}; give ${accepts}.`,
    {
      model,
      key,
    },
  )
}

function describe(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : isObject(value) ? 'an object' : String(value)
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
