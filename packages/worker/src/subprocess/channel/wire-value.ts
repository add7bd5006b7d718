import { DefaultDeserializer, serialize } from 'node:v8'

/**
 * A structured-clone value within a JSON message. Most values are small plain JSON and travel as they are, for a
 * channel of JSON carries half as many messages again as one of serialised values; all others travel serialised.
 */
export type WireValue = { readonly json?: unknown } | { readonly serialised: string }

/** A value of more members, or levels, is not looked through to its end. */
const mostMembers = 100_000
const deepest = 50

/** @throws DataCloneError for what structured clone cannot carry, such as a function. */
export function toWire(value: unknown): WireValue {
  return isPlainJson(value) ? { json: value } : { serialised: serialised(value).toString('base64') }
}

function serialised(value: unknown): Buffer {
  try {
    return serialize(value)
  } catch (error) {
    throw new DOMException(error instanceof Error ? error.message : String(error), 'DataCloneError')
  }
}

export function fromWire(wire: WireValue): unknown {
  return 'serialised' in wire ? deserialised(Buffer.from(wire.serialised, 'base64')) : wire.json
}

/** A documented member that the compiler does not know. */
declare module 'node:v8' {
  interface DefaultDeserializer {
    _readHostObject(): unknown
  }
}

/** Like structured clone, gives a Buffer back as the Uint8Array it is underneath. */
function deserialised(bytes: Buffer): unknown {
  const reader = new DefaultDeserializer(bytes)
  const readView = reader._readHostObject.bind(reader)
  reader._readHostObject = () => {
    const view = readView()
    return Buffer.isBuffer(view) ? new Uint8Array(view.buffer, view.byteOffset, view.length) : view
  }
  reader.readHeader()
  return reader.readValue()
}

/** Whether JSON gives a value back just as structured clone would. */
function isPlainJson(value: unknown): boolean {
  // JSON drops a member that is undefined, which reads as undefined: right for the value itself, wrong within it.
  return value === undefined || isPlain(value, { members: 0, objects: [], many: null }, 0)
}

/** What was met so far within a value. */
interface Met {
  members: number
  readonly objects: object[]
  /** The same, once they are many. */
  many: Set<object> | null
}

/** From so many objects on a set finds one faster than a list. */
const manyObjects = 16

/** Whether an object is met again: it must arrive as one object. */
function isMetAgain(inner: object, met: Met): boolean {
  const { objects } = met
  if (objects.length < manyObjects) {
    if (objects.includes(inner)) return true
    objects.push(inner)
    return false
  }
  met.many ??= new Set(objects)
  const before = met.many.size
  return met.many.add(inner).size === before
}

function isPlain(inner: unknown, met: Met, depth: number): boolean {
  met.members += 1
  if (typeof inner === 'string' || typeof inner === 'boolean' || inner === null) return true
  if (typeof inner === 'number') return Number.isFinite(inner) && !Object.is(inner, -0)
  if (typeof inner !== 'object' || met.members > mostMembers || depth > deepest) return false
  if (isMetAgain(inner, met) || 'toJSON' in inner) return false
  return Array.isArray(inner) ? isPlainArray(inner, met, depth) : isPlainObject(inner, met, depth)
}

function isPlainArray(inner: readonly unknown[], met: Met, depth: number): boolean {
  if (Object.getPrototypeOf(inner) !== Array.prototype || inner.length > mostMembers) return false
  const keys = Object.keys(inner)
  if (keys.length !== inner.length) return false
  // No empty places, and no members with names.
  return (
    keys.every((key, index) => key === String(index)) && inner.every((item) => isPlain(item, met, depth + 1))
  )
}

function isPlainObject(inner: object, met: Met, depth: number): boolean {
  if (Object.getPrototypeOf(inner) !== Object.prototype) return false
  const values: unknown[] = Object.values(inner)
  return values.length <= mostMembers && values.every((member) => isPlain(member, met, depth + 1))
}
