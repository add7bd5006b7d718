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
  const found = search(value, [])
  if (found === undefined) return
  const path = `${name}${found.path}`
  throw new NotSerialisableError(`${path} is ${found.what}; ${found.mend}`, { path, found: found.what })
}

/** What is wrong, and with which member: `.items[3].when`; empty for the value itself. */
interface Found extends Objection {
  readonly path: string
}

/** @param parents the objects the value is in, from the outermost on; left as they were. */
function search(value: unknown, parents: object[]): Found | undefined {
  if (typeof value !== 'object' || value === null) return at('', plainObjection(value))
  const wrong = objection(value, parents)
  if (wrong !== undefined) return at('', wrong)
  parents.push(value)
  for (const member of Object.keys(value)) {
    const found = isUnstorable(member) ? at('', unstorableName) : search(Reflect.get(value, member), parents)
    if (found === undefined) continue
    const path = Array.isArray(value) ? `[${member}]` : memberPath(member)
    return { ...found, path: `${path}${found.path}` }
  }
  parents.pop()
  return undefined
}

function at(path: string, wrong: Objection | undefined): Found | undefined {
  return wrong && { ...wrong, path }
}

interface Objection {
  readonly what: string
  readonly mend: string
}

function plainObjection(value: unknown): Objection | undefined {
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
      return Number.isFinite(value) ? undefined : { what: `${value}`, mend: 'use null, or a finite number' }
    case 'string':
      return isUnstorable(value)
        ? { what: 'text with a NUL or half a character', mend: 'encode it, as base64 for example' }
        : undefined
    case 'boolean':
    case 'object':
      return undefined
  }
}

function objection(value: object, parents: readonly object[]): Objection | undefined {
  if (parents.includes(value))
    return { what: 'a reference back to an object it is part of', mend: 'use an id instead' }
  if (parents.length >= deepest)
    return { what: `nested more than ${deepest} levels deep`, mend: 'flatten it' }
  if (Object.getOwnPropertySymbols(value).length > 0)
    return { what: 'an object with a symbol as a key', mend: 'use strings' }
  if (Array.isArray(value)) {
    return isGapless(value)
      ? undefined
      : {
          what: 'an array with empty places or named members',
          mend: 'fill the places with null, and use an object for names',
        }
  }
  if (types.isDate(value)) return { what: 'a Date', mend: 'use date.toISOString()' }
  return isPlain(value)
    ? undefined
    : { what: `an instance of ${className(value)}`, mend: 'give its plain data' }
}

/** Names come behind the places, so that the last of as many keys as there are places tells of all of them. */
function isGapless(array: readonly unknown[]): boolean {
  const keys = Object.keys(array)
  return keys.length === array.length && (keys.length === 0 || keys.at(-1) === String(array.length - 1))
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

const unstorableName: Objection = {
  what: 'a member whose name has a NUL or half a character',
  mend: 'rename it',
}

function memberPath(member: string): string {
  return /^[\p{L}_$][\p{L}\d_$]*$/u.test(member) ? `.${member}` : `[${JSON.stringify(member)}]`
}
