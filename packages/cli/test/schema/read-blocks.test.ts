import { describe, expect, it } from '@jest/globals'
import { readBlocks } from '../../src/schema/read-blocks.js'

const schema = `// model Commented {
datasource db {
  provider = "postgresql" // "mysql" {
  url      = "postgres://a//b"
}

/// Kept.
model User {
  /// Its name.
  name   String   @default("a } // b")
  posts  Post[]

  @@index([
    name, // the first
    id
  ])
  // A last word.
}
enum Role { 
  ADMIN
}
`

describe('readBlocks', () => {
  const blocks = readBlocks(schema)

  it('finds every block', () => {
    expect(blocks.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'datasource db',
      'model User',
      'enum Role',
    ])
  })

  it('knows where a block stands', () => {
    const [, user] = blocks
    expect(schema.slice(user!.start, user!.end)).toMatch(/^model User \{[^]*A last word\.\n\}$/)
  })

  it('reads members, with brackets over several lines and marks inside strings', () => {
    expect(blocks[1]!.members.map(({ name, meaning }) => [name, meaning])).toEqual([
      ['name', 'name String @default("a } // b")'],
      ['posts', 'posts Post[]'],
      ['@@index([name,id])', '@@index([ name, id ])'],
      ['  // A last word.', ''],
    ])
    expect(blocks[0]!.members.map(({ meaning }) => meaning)).toEqual([
      'provider = "postgresql"',
      'url = "postgres://a//b"',
    ])
  })

  it('takes nothing in a block comment for a block or a member', () => {
    const commented = `/* model Task {
      id Int @id
    } */ // */
    model User {
      /* was:
      old String }
      */
      name String @default("/* } */") /* { */
    }`
    const found = readBlocks(commented)
    expect(found.map(({ name }) => name)).toEqual(['User'])
    expect(commented.slice(found[0]!.start, found[0]!.end)).toMatch(/^model User \{[^]*\{ \*\/\n {4}\}$/)
    expect(found[0]!.members.map(({ meaning }) => meaning)).toEqual(['name String @default("/* } */")'])
    expect(found[0]!.members[0]!.text).toMatch(/^ {6}\/\* was:\n/)
  })

  it('keeps the comment of a member with it', () => {
    expect(blocks[1]!.members[0]!.text).toBe('  /// Its name.\n  name   String   @default("a } // b")')
  })
})
