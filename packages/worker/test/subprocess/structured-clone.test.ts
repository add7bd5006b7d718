import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { isDeepStrictEqual } from 'node:util'
import { serialize } from 'node:v8'
import { openPool } from './open-pool.js'

const leaf = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.double(),
  fc.bigInt(),
  fc.boolean(),
  fc.constantFrom(undefined, null, -0, NaN, Infinity, '', '\u2028\n\u0000', '\ud800'),
  fc.date({ noInvalidDate: false }),
  fc.constantFrom(/a|b/giu, new Date(NaN), Object('boxed')),
  fc.uint8Array(),
  fc.float64Array(),
  fc.bigInt64Array(),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  fc.uint8Array().map((bytes) => bytes.slice().buffer),
  fc.uint8Array().map((bytes) => new DataView(bytes.slice().buffer)),
  fc.tuple(fc.constantFrom(Error, TypeError, RangeError), fc.string()).map(([Kind, text]) => new Kind(text)),
  fc.tuple(fc.string(), fc.string()).map(([text, cause]) => new Error(text, { cause })),
)
const key = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'toJSON', 'constructor', '0', 'length'))

/** Anything that structured clone carries. */
const value = fc.letrec<{ value: unknown; item: unknown }>((tie) => ({
  item: fc.oneof({ weight: 3, arbitrary: leaf }, tie('value')),
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    leaf,
    fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withSparseArray: true,
      withNullPrototype: true,
      withBoxedValues: true,
    }),
    fc.array(tie('item')),
    fc.dictionary(key, tie('item')),
    fc.array(fc.tuple(tie('item'), tie('item'))).map((entries) => new Map(entries)),
    fc.array(tie('item')).map((items) => new Set(items)),
    // The same thing in two places, and within itself.
    tie('item').map((item) => ({ one: item, other: item, list: [item] })),
    fc.dictionary(key, tie('item')).map((owner) => Object.assign(owner, { self: owner })),
    fc.array(tie('item')).map((items) => {
      items.push(items, new Map([[items, items]]))
      return items
    }),
    // Holes, and members besides the items.
    fc.array(tie('item')).map((items) => {
      items[items.length + 2] = 'after a hole'
      return items
    }),
    fc.array(tie('item')).map((items) => Object.assign(items, { extra: 1 })),
    fc.array(tie('item')).map(
      (items) =>
        new (class Own {
          readonly items = items
        })(),
    ),
  ),
})).value

/** Deep equality tells two invalid dates apart; as bytes they are the same. */
function isClone(arrived: unknown, sent: unknown): boolean {
  const clone = structuredClone(sent)
  return isDeepStrictEqual(arrived, clone) || serialize(arrived).equals(serialize(clone))
}

test('a value comes back from a child as structured clone would give it', async () => {
  await using test = openPool({ concurrency: 16 })
  await fc.assert(
    fc.asyncProperty(fc.array(value, { minLength: 10, maxLength: 30 }), async (values) => {
      const arrived = await Promise.all(values.map((sent) => test.pool.run({ do: 'returns', value: sent })))
      return values.every((sent, index) => isClone(arrived[index], sent))
    }),
    { numRuns: 30 },
  )
  expect(test.pids).toHaveLength(1)
})

test('what is one object stays one object', async () => {
  await using test = openPool()
  const shared = { of: 'both' }
  const arrived = (await test.pool.run({ do: 'returns', value: { one: shared, other: shared } })) as {
    one: object
    other: object
  }
  expect(arrived.one).toBe(arrived.other)
})
