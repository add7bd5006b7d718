import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { PrismaPg } from '@prisma/adapter-pg'
import { PrismaClient } from '@sisy/test-kit/prisma-client'
import { PrismaClient as PrismaClientJs } from '@sisy/test-kit/prisma-client-js'
import {
  createScratchDatabase,
  type ScratchDatabase,
} from '../src/scratch-database/create-scratch-database.js'

let database: ScratchDatabase

beforeAll(async () => {
  database = await createScratchDatabase()
})
afterAll(() => database.drop())

describe('the clients of the test schema', () => {
  test('of prisma-client has the tables of the fragment and of the app', async () => {
    const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: database.url }) })
    const { id } = await prisma.task.create({ data: { label: 'renew', callable: 'subscription.renew' } })
    expect(await prisma.task.findUnique({ where: { id } })).toMatchObject({ queue: 'default', nextRun: null })
    const key = { region: 'eu', number: 2n ** 60n }
    await prisma.compositeRecord.create({ data: key })
    expect(await prisma.compositeRecord.findUnique({ where: { region_number: key } })).toMatchObject(key)
    await prisma.$disconnect()
  })

  test('of prisma-client-js has them too', async () => {
    const prisma = new PrismaClientJs({ adapter: new PrismaPg({ connectionString: database.url }) })
    const { id } = await prisma.task.create({ data: { label: 'renew', callable: 'subscription.renew' } })
    expect(await prisma.task.findUnique({ where: { id } })).toMatchObject({ queue: 'default', nextRun: null })
    await prisma.bytesRecord.create({ data: { id: Buffer.from('key') } })
    expect(await prisma.bytesRecord.count()).toBe(1)
    await prisma.$disconnect()
  })
})
