import { types } from 'node:util'
import { NotSerialisableError } from '../errors/errors.js'
import { isUnstorable } from './is-unstorable.js'
import type { JsonValue } from './json-value.js'

/** Levels of objects in objects. Neither JSON.stringify nor PostgreSQL takes any number of them. */
const deepest = 1_000

/**
 * Makes sure that JSON, and the database, give a value back as it is now.
 *
 * @param name what the value is called in the error, in front of the member's path: `userdata.items[3].when`.
 * @throws {NotSerialisableError} for the first member that would be dropped or changed.
 */
export function checkJson(value: unknown, name: string): asserts value is JsonValue {
  check(value, name, new Set())
}

function check(value: unknown, path: string, parents: Set<object>): void {
  const found =
    typeof value === 'object' && value !== null ? objection(value, parents) : plainObjection(value)
  if (found)
    throw new NotSerialisableError(`${path} is ${found.what}; ${found.mend}`, { path, found: found.what })
  if (typeof value !== 'object' || value === null) return
  parents.add(value)
  for (const [member, inner] of Object.entries(value) as [string, unknown][]) {
    const at = Array.isArray(value) ? `${path}[${member}]` : `${path}${memberPath(member)}`
    if (isUnstorable(member)) refuseName(at)
    check(inner, at, parents)
  }
  parents.delete(value)
}

interface Objection {
  readonly what: string
  readonly mend: string
}

function plainObjection(value: unknown): Objection | null {
  switch (typeof value) {
    case 'undefined':
      return { what: 'undefined', mend: 'leave the member out, or use null' }
    case 'function':
      return { what: 'a function', mend: 'give plain data; name a callable by its path' }
    case 'symbol':
      return { what: 'a symbol', mend: 'use a string' }
    case 'bigint':
      return { what: `the BigInt ${value}`, mend: 'use value.toString()' }
    case 'number':
      return Number.isFinite(value) ? null : { what: `${value}`, mend: 'use null, or a finite number' }
    case 'string':
      return isUnstorable(value)
        ? { what: 'text with a NUL or half a character', mend: 'encode it, as base64 for example' }
        : null
    case 'boolean':
    case 'object':
      return null
  }
}

function objection(value: object, parents: Set<object>): Objection | null {
  if (parents.has(value))
    return { what: 'a reference back to an object it is part of', mend: 'use an id instead' }
  if (parents.size >= deepest) return { what: `nested more than ${deepest} levels deep`, mend: 'flatten it' }
  if (Object.getOwnPropertySymbols(value).length > 0)
    return { what: 'an object with a symbol as a key', mend: 'use strings' }
  if (Array.isArray(value)) {
    return Object.keys(value).length === value.length &&
      Object.keys(value).every((key, i) => key === String(i))
      ? null
      : {
          what: 'an array with empty places or named members',
          mend: 'fill the places with null, and use an object for names',
        }
  }
  if (types.isDate(value)) return { what: 'a Date', mend: 'use date.toISOString()' }
  return isPlain(value) ? null : { what: `an instance of ${className(value)}`, mend: 'give its plain data' }
}

/** By the end of the prototype chain: a plain object may come from another realm. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function className(value: object): string {
  return typeof value.constructor === 'function' && value.constructor.name !== ''
    ? value.constructor.name
    : 'a class'
}

function refuseName(path: string): never {
  const found = 'a member whose name has a NUL or half a character'
  throw new NotSerialisableError(`${path} is ${found}; rename it`, { path, found })
}

function memberPath(member: string): string {
  return /^[\p{L}_$][\p{L}\d_$]*$/u.test(member) ? `.${member}` : `[${JSON.stringify(member)}]`
}
