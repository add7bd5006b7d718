import { expect, test } from '@jest/globals'
import { readPrimaryKeys } from '../../src/callable/primary-keys.js'

const schema = `
// model Commented { id Int @id }
/* model Blocked {
  id Int @id
} */
model Single {
  /// not this one: @id
  url   String @default("http://x } // @id") @unique
  other String @default(dbgenerated("gen(\\"x\\")")) @map("id") @id // the key
  data  Json   @default("{}")
}
model Options { id Int @id(map: "pk") @default(autoincrement())
}
model Composite {
  a String
  b DateTime @default(now())
  @@id([
    a,
    b(sort: Desc)
  ])
  @@index([b])
}
model Named {
  a Int
  b Int
  @@unique([b])
  @@id(fields: [a, b(length: 10)], name: "both", map: "x_y")
}
model Keyless {
  code String @unique
}
enum Id { id }
`

test('primary keys are read from the text of a schema', () => {
  expect(Object.fromEntries(readPrimaryKeys(schema))).toEqual({
    Single: { fields: ['other'], name: 'other' },
    Options: { fields: ['id'], name: 'id' },
    Composite: { fields: ['a', 'b'], name: 'a_b' },
    Named: { fields: ['a', 'b'], name: 'both' },
  })
})

test('no schema has no primary keys', () => {
  expect(readPrimaryKeys('').size).toBe(0)
})
