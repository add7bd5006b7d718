import { expect, test } from '@jest/globals'
import { oneLine } from '../../src/errors/one-line.js'

test.each([
  ['one\n  two\n\nthree', 'one two three'],
  [new Error(''), 'Error'],
  [new TypeError(' bad\n'), 'bad'],
  ['x'.repeat(1001), `${'x'.repeat(1000)}…`],
])('tells %p in one line', (thrown, line) => {
  expect(oneLine(thrown)).toBe(line)
})

test.each([
  ['cannot reach postgres://me:hunter2@db/app: refused', 'cannot reach postgres://me:***@db/app: refused'],
  ['postgres://me:hun@ter:2@db/app', 'postgres://me:***@db/app'],
  ["{ url: 'postgres://me:hun#ter2@db' }", "{ url: 'postgres://me:***@db' }"],
  ['prisma+postgres://localhost/?api_key=hunter2&x=1', 'prisma+postgres://localhost/?api_key=***&x=1'],
  [`postgres://${'u'.repeat(63)}:${'p%20'.repeat(200)}@db/app`, `postgres://${'u'.repeat(63)}:***@db/app`],
  ['see https://example.com/a:b and me@example.com', 'see https://example.com/a:b and me@example.com'],
])('tells no secret of %p', (text, line) => {
  expect(oneLine(text)).toBe(line)
})
