import { expect, test } from '@jest/globals'
import { createRecords } from '../../src/callable/records.js'

// A client carries the names of its enums, but not their values.
const records = createRecords({
  dataModel: {
    models: {
      Parcel: {
        fields: [
          { name: 'zone', kind: 'enum', type: 'Zone' },
          { name: 'number', kind: 'scalar', type: 'Int' },
        ],
      },
    },
  },
  schemaText: 'model Parcel {\n  zone Zone\n  number Int\n\n  @@id([zone, number])\n}',
  primaryKeys: {},
  findUnique: async (_model, { where }) => ({ where }),
})

test('an enum may be part of a key', async () => {
  const key = records.encodeKey('parcel', { zone: 'NORTH', number: 5 })
  expect(key).toEqual({ zone: 'NORTH', number: 5 })
  expect(await records.find('parcel', key)).toEqual({ where: { zone_number: { zone: 'NORTH', number: 5 } } })
  expect(() => records.encodeKey('parcel', { zone: 1, number: 5 })).toThrow(/zone is 1; give a string/)
})
