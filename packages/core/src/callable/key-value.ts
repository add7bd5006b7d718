import type { JsonValue } from '../json/json-value.js'

/** How the values of one scalar type stand in JSON. Both ways return undefined for a value that is not of the type. */
export interface KeyType {
  /** What the type accepts, for messages. */
  readonly accepts: string
  encode(value: unknown): JsonValue | undefined
  /** JSON as `encode` writes it, or as a person would write it in SQL. */
  decode(value: unknown): unknown
}

const instant = /^\d{4,6}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/
const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

const text: KeyType = { accepts: 'a string', encode: readText, decode: readText }

const types: Readonly<Record<string, KeyType>> = {
  String: text,
  Int: { accepts: 'a whole number of 32 bits', encode: readInt, decode: readInt },
  Float: { accepts: 'a finite number', encode: readFinite, decode: readFinite },
  Boolean: { accepts: 'true or false', encode: readBoolean, decode: readBoolean },
  BigInt: {
    accepts: 'a bigint of 64 bits, or a whole number that is exact',
    encode: (value) => readBigInt(value)?.toString(),
    decode: readBigInt,
  },
  Decimal: { accepts: 'a Decimal, a number, or a string of one', encode: readDecimal, decode: readDecimal },
  DateTime: {
    accepts: 'a Date, or an ISO 8601 string with an offset',
    encode: (value) => readInstant(value)?.toISOString(),
    decode: readInstant,
  },
  Bytes: {
    accepts: 'a Uint8Array',
    encode: (value) => (value instanceof Uint8Array ? Buffer.from(value).toString('base64') : undefined),
    decode: (value) =>
      typeof value === 'string' && base64.test(value)
        ? new Uint8Array(Buffer.from(value, 'base64'))
        : undefined,
  },
}

/** The type of a value of an enum; Prisma checks it against the others, whose names no client carries. */
export const enumKeyType: KeyType = text

/** The type of a scalar field by Prisma's name for it; undefined for one that cannot stand in a key, such as Json. */
export function keyType(name: string): KeyType | undefined {
  return Object.hasOwn(types, name) ? types[name] : undefined
}

function readText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function readInt(value: unknown): number | undefined {
  return typeof value === 'number' && (value | 0) === value ? value : undefined
}

function readFinite(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

function readBoolean(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined
}

function readBigInt(value: unknown): bigint | undefined {
  const whole = asBigInt(value)
  return whole === undefined || BigInt.asIntN(64, whole) !== whole ? undefined : whole
}

function asBigInt(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value
  if (typeof value === 'string') return /^[+-]?\d+$/.test(value) ? BigInt(value) : undefined
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : undefined
}

function readDecimal(value: unknown): string | undefined {
  const written = isDecimal(value) ? value.toFixed() : typeof value === 'number' ? String(value) : value
  return typeof written === 'string' && decimal.test(written) ? written : undefined
}

// A Decimal is known by what it can do: an app may hold several copies of its class.
function isDecimal(value: unknown): value is { toFixed(): string } {
  return typeof value === 'object' && value !== null && 'toFixed' in value && 'decimalPlaces' in value
}

function readInstant(value: unknown): Date | undefined {
  const written = typeof value === 'string' && instant.test(value) ? new Date(value) : value
  const time = Object.prototype.toString.call(written) === '[object Date]' ? Number(written) : NaN
  return Number.isNaN(time) ? undefined : new Date(time)
}
