import { describe, expect, test } from '@jest/globals'
import { PrismaPg } from '@prisma/adapter-pg'
import { connectionsOf } from '@sisy/core/internal'
import { PrismaClient } from '@sisy/test-kit/prisma-client'
import pg from 'pg'

const url = 'postgres://nobody@127.0.0.1:1/none'
const clientOf = (...given: ConstructorParameters<typeof PrismaPg>) =>
  new PrismaClient({ adapter: new PrismaPg(...given) })

describe('connectionsOf', () => {
  test.each<[string, PrismaClient, number]>([
    ['a connection string', clientOf(url), 10],
    ['settings without a size', clientOf({ connectionString: url }), 10],
    ['settings with a size', clientOf({ connectionString: url, max: 3 }), 3],
    ['a size of 0, which pg takes for none', clientOf({ connectionString: url, max: 0 }), 10],
    ['a pool of the app', clientOf(new pg.Pool({ connectionString: url, max: 4 })), 4],
    ['a pool of the app without a size', clientOf(new pg.Pool({ connectionString: url })), 10],
  ])('tells the size of the pool of %s', (_, client, size) => {
    expect(connectionsOf(client)).toBe(size)
  })

  test('of an extended client is that of its base', () => {
    expect(connectionsOf(clientOf({ connectionString: url, max: 3 }).$extends({}))).toBe(3)
  })

  test('is not known of another adapter, nor of what is no client', () => {
    const adapter = Object.assign(new PrismaPg({ connectionString: url, max: 3 }), { adapterName: 'other' })
    expect(connectionsOf(new PrismaClient({ adapter }))).toBeUndefined()
    expect(connectionsOf({})).toBeUndefined()
  })
})
