import { PrismaPg } from '@prisma/adapter-pg'
import { expect, test } from '@jest/globals'
import { defaultChannels, openStore } from '@sisy/core/internal'
import { createScratchDatabase } from '@sisy/test-kit'
import { PrismaClient } from '@sisy/test-kit/prisma-client'

test('the connection limit is the one PostgreSQL was given', async () => {
  const database = await createScratchDatabase({ schema: 'none' })
  const client = new PrismaClient({ adapter: new PrismaPg({ connectionString: database.url }) })
  const store = openStore({ client, provider: 'postgresql', channels: defaultChannels })
  const [shown] = await client.$queryRaw<{ max_connections: string }[]>`SHOW max_connections`
  expect(await store.connectionLimit()).toBe(Number(shown?.max_connections))
  await client.$disconnect()
  await database.drop()
})
