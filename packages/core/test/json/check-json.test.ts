import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { NotSerialisableError } from '../../src/errors/errors.js'
import { checkJson } from '../../src/json/check-json.js'

const accepts = (value: unknown): boolean => {
  try {
    checkJson(value, 'userdata')
    return true
  } catch (error) {
    if (error instanceof NotSerialisableError) return false
    throw error
  }
}

const shared = { a: 1 }

test.each([
  null,
  true,
  'text',
  'ü😀',
  0,
  -1.5,
  [],
  {},
  [null, [1, 'a', { b: false }]],
  { first: shared, second: shared },
  Object.create(null),
])('accepts %p', (value) => {
  expect(accepts(value)).toBe(true)
})

class Money {
  amount = 1
}
const cyclic: { self?: unknown; list: unknown[] } = { list: [] }
cyclic.list.push({ up: cyclic })
const named = Object.assign([1], { total: 1 })
const sparseAndNamed = Object.assign([1, , 3], { total: 1 })

test.each<[unknown, string, string]>([
  [undefined, 'userdata', 'is undefined; leave the member out, or use null'],
  [{ a: undefined }, 'userdata.a', 'is undefined'],
  [
    { items: [1, 2, 3, { when: new Date(0) }] },
    'userdata.items[3].when',
    'is a Date; use date.toISOString()',
  ],
  [{ 'odd key': () => 1 }, 'userdata["odd key"]', 'is a function'],
  [[Symbol('s')], 'userdata[0]', 'is a symbol'],
  [{ big: 10n }, 'userdata.big', 'is the BigInt 10; use value.toString()'],
  [[NaN], 'userdata[0]', 'is NaN'],
  [[-Infinity], 'userdata[0]', 'is -Infinity'],
  [{ map: new Map() }, 'userdata.map', 'is an instance of Map'],
  [{ price: new Money() }, 'userdata.price', 'is an instance of Money; give its plain data'],
  [{ n: Object(1) as unknown }, 'userdata.n', 'is an instance of Number'],
  [{ bytes: new Uint8Array(1) }, 'userdata.bytes', 'is an instance of Uint8Array'],
  [{ toJSON: () => 1 }, 'userdata.toJSON', 'is a function'],
  [[1, , 3], 'userdata', 'is an array with empty places'],
  [{ named }, 'userdata.named', 'is an array with empty places or named members'],
  [sparseAndNamed, 'userdata', 'is an array with empty places'],
  [{ [Symbol('hidden')]: 1 }, 'userdata', 'is an object with a symbol as a key'],
  [cyclic, 'userdata.list[0].up', 'is a reference back to an object it is part of'],
  ['a\0b', 'userdata', 'is text with a NUL or half a character'],
  [{ half: '\ud83d' }, 'userdata.half', 'is text with a NUL or half a character'],
  [{ ['a\0']: 1 }, 'userdata["a\\u0000"]', 'is a member whose name has a NUL'],
])('refuses %p', (value, path, message) => {
  const check = () => {
    checkJson(value, 'userdata')
  }
  expect(check).toThrow(NotSerialisableError)
  expect(check).toThrow(`${path} ${message}`)
  expect(check).toThrow(expect.objectContaining({ facts: expect.objectContaining({ path }) }))
})

/** JSON knows one zero; the other one is accepted and loses its sign. */
function withPlainZeros(value: unknown): unknown {
  if (value === 0) return 0
  if (Array.isArray(value)) return value.map(withPlainZeros)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withPlainZeros(inner)]))
}

const anything = fc.anything({
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withNullPrototype: true,
  withSparseArray: true,
  withTypedArray: true,
})

test('whatever is accepted comes back from JSON as it was', () => {
  fc.assert(
    fc.property(anything, (value) => {
      if (!accepts(value)) return
      expect(JSON.parse(JSON.stringify(value))).toEqual(withPlainZeros(value))
    }),
    { numRuns: 3000 },
  )
})

test('whatever JSON can say is accepted, but for what the database cannot store', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      fc.pre(!JSON.stringify(value).includes('\\u0000'))
      expect(accepts(value)).toBe(true)
    }),
    { numRuns: 1000 },
  )
})

test('refuses what is nested deeper than the database takes', () => {
  const nested = (levels: number): object => (levels === 1 ? {} : { inner: nested(levels - 1) })
  expect(accepts(nested(1_000))).toBe(true)
  expect(accepts(nested(1_001))).toBe(false)
  let bottomless: object = {}
  for (let level = 0; level < 100_000; level += 1) bottomless = { inner: bottomless }
  expect(accepts(bottomless)).toBe(false)
})
