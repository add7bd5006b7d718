import { expect, test } from '@jest/globals'
import { fromWire, toWire } from '../../../src/subprocess/channel/wire-value.js'

const nested = (depth: number): unknown => (depth === 0 ? 'end' : { inner: nested(depth - 1) })

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['text', 'text'],
  ['a small object', { a: [1, 'two', { three: null }], b: true }],
])('%s travels as JSON', (_, value) => {
  expect(toWire(value)).toEqual({ json: value })
})

test.each<[string, unknown]>([
  ['a member that is undefined', { a: undefined }],
  ['-0', -0],
  ['NaN within', [NaN]],
  ['a date', new Date(0)],
  ['what says its own JSON', { toJSON: 1 }],
  ['a hole', [1, , 3]],
  ['an instance of a class', new (class Own {})()],
  ['many members', Array.from({ length: 100_001 }, () => 0)],
  ['many levels', nested(52)],
])('%s travels serialised', (_, value) => {
  expect(toWire(value)).toEqual({ serialised: expect.any(String) })
})

test('a Buffer arrives as a Uint8Array, without what else is in its memory', () => {
  const arrived = fromWire(toWire({ bytes: Buffer.from('abc') })) as { bytes: Uint8Array }
  expect(Buffer.isBuffer(arrived.bytes)).toBe(false)
  expect([...arrived.bytes]).toEqual([97, 98, 99])
})

test.each<[string, unknown]>([
  ['a function', () => {}],
  ['a symbol', Symbol('s')],
  ['a promise within', { later: Promise.resolve() }],
  ['a function within', { call: () => {} }],
])('%s is refused by its name', (_, value) => {
  expect(() => toWire(value)).toThrow(
    expect.objectContaining({
      name: 'DataCloneError',
      message: expect.stringContaining('could not be cloned'),
    }),
  )
})
