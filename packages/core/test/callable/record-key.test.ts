import { describe, expect, test } from '@jest/globals'
import { InvalidRecordKeyError } from '@sisy/core'
import { keyType } from '../../src/callable/key-value.js'
import { decodeRecordKey, encodeRecordKey, type RecordKeyShape } from '../../src/callable/record-key.js'

const single = (type: string): RecordKeyShape => ({
  model: 'M',
  name: 'id',
  fields: [{ name: 'id', type: keyType(type)! }],
})
const pair: RecordKeyShape = {
  model: 'M',
  name: 'tenantDay',
  fields: [
    { name: 'tenant', type: keyType('BigInt')! },
    { name: 'day', type: keyType('DateTime')! },
  ],
}

const instant = new Date('2030-01-02T03:04:05.678Z')

describe('one field', () => {
  const values: [type: string, value: unknown, json: unknown, decoded: unknown][] = [
    ['Int', -5, -5, -5],
    ['BigInt', 2n ** 62n, '4611686018427387904', 2n ** 62n],
    ['BigInt', 7, '7', 7n],
    ['BigInt', '-9223372036854775808', '-9223372036854775808', -(2n ** 63n)],
    ['String', 'a"b', 'a"b', 'a"b'],
    ['DateTime', instant, '2030-01-02T03:04:05.678Z', instant],
    ['DateTime', '2030-01-02T04:04:05.678+01:00', '2030-01-02T03:04:05.678Z', instant],
    ['Decimal', '12345678901234567890.10', '12345678901234567890.10', '12345678901234567890.10'],
    ['Decimal', 1.5, '1.5', '1.5'],
    ['Bytes', new Uint8Array([0, 255, 7]), 'AP8H', new Uint8Array([0, 255, 7])],
    ['Boolean', false, false, false],
    ['Float', 0.5, 0.5, 0.5],
  ]
  test.each(values)('%s %p', (type, value, json, decoded) => {
    const key = encodeRecordKey(single(type), { id: value, other: 1 })
    expect(JSON.parse(JSON.stringify(key))).toEqual({ id: json })
    expect(decodeRecordKey(single(type), key)).toEqual({ id: decoded })
  })

  const bad: [type: string, value: unknown][] = [
    ['Int', '1'],
    ['Int', 1.5],
    ['Int', null],
    ['Int', undefined],
    ['Int', NaN],
    ['Int', 2 ** 31],
    ['BigInt', 2n ** 63n],
    ['BigInt', '-9223372036854775809'],
    ['BigInt', 'one'],
    ['BigInt', 2 ** 60],
    ['String', 5],
    ['DateTime', 'yesterday'],
    ['DateTime', '2030-01-02T03:04:05'],
    ['DateTime', new Date(NaN)],
    ['DateTime', 5],
    ['Decimal', 'a'],
    ['Decimal', Infinity],
    ['Decimal', {}],
    ['Bytes', 'AP8H'],
    ['Boolean', 0],
  ]
  test.each(bad)('%s refuses %p', (type, value) => {
    expect(() => encodeRecordKey(single(type), { id: value })).toThrow(InvalidRecordKeyError)
    expect(() => encodeRecordKey(single(type), { id: value })).toThrow(
      /The key of a M record is not complete: id/,
    )
  })

  test('what no record is refused', () => {
    for (const record of [null, undefined, 5, 'x']) {
      expect(() => encodeRecordKey(single('Int'), record)).toThrow(InvalidRecordKeyError)
    }
  })

  test('a key written by hand is checked when it is read', () => {
    expect(() => decodeRecordKey(single('Int'), { id: '1' })).toThrow(InvalidRecordKeyError)
    expect(() => decodeRecordKey(single('Bytes'), { id: '!' })).toThrow(InvalidRecordKeyError)
    expect(decodeRecordKey(single('BigInt'), { id: 5 })).toEqual({ id: 5n })
  })
})

describe('several fields', () => {
  const json = { tenant: '5', day: '2030-01-02T03:04:05.678Z' }

  test('are taken flat, from a row, or nested under their name', () => {
    const members = { tenant: 5n, day: instant }
    expect(encodeRecordKey(pair, members)).toEqual(json)
    expect(encodeRecordKey(pair, { ...members, touched: 1 })).toEqual(json)
    expect(encodeRecordKey(pair, { tenantDay: members })).toEqual(json)
  })

  test('are all needed', () => {
    expect(() => encodeRecordKey(pair, { tenant: 5n })).toThrow(/day is missing/)
    expect(() => encodeRecordKey(pair, { tenantDay: { day: instant } })).toThrow(/tenant is missing/)
  })

  test('become a where under their name', () => {
    expect(decodeRecordKey(pair, json)).toEqual({ tenantDay: { tenant: 5n, day: instant } })
  })
})

test('types that cannot name a record are known by none', () => {
  expect([keyType('Json'), keyType('toString')]).toEqual([undefined, undefined])
})
