import { expect, it } from '@jest/globals'
import { redactConnectionString } from '../../src/process/redact-connection-string.js'

it.each([
  ['postgres://me:hunter2@db:5432/app', 'postgres://me:***@db:5432/app'],
  ['postgres://me@db/app?sslmode=require', 'postgres://me@db/app?sslmode=require'],
  ['prisma+postgres://localhost:51213/?api_key=abc', 'prisma+postgres://localhost:51213/?api_key=***'],
  ['host=db password=hunter2', '***'],
])('shows %s as %s', (url, shown) => {
  expect(redactConnectionString(url)).toBe(shown)
})
