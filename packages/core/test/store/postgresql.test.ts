import { PrismaPg } from '@prisma/adapter-pg'
import { defaultChannels, openStore } from '@sisy/core/internal'
import { createScratchDatabase } from '@sisy/test-kit'
import { storeConformance } from '@sisy/test-kit/store-conformance'
import { PrismaClient } from '@sisy/test-kit/prisma-client'

storeConformance('the store on PostgreSQL', async () => {
  const database = await createScratchDatabase()
  const client = new PrismaClient({ adapter: new PrismaPg({ connectionString: database.url }) })
  return {
    store: openStore({ client, provider: 'postgresql', channels: defaultChannels }),
    clear: async () => {
      await client.$executeRawUnsafe('TRUNCATE sisy_task, sisy_task_run, sisy_task_worker')
    },
    sql: (statement, ...values) => client.$queryRawUnsafe(statement, ...values),
    close: async () => {
      await client.$disconnect()
      await database.drop()
    },
  }
})
