import { PrismaPg } from '@prisma/adapter-pg'
import { defaultChannels, openStore } from '@sisy/core/internal'
import { createScratchDatabase } from '@sisy/test-kit'
import { storeConformance } from '@sisy/test-kit/store-conformance'
import { PrismaClient } from '@sisy/test-kit/prisma-client'

interface Surroundings {
  /** Statements that prepare the database. */
  readonly prepare: readonly string[]
  readonly schema?: string
}

function conformance(name: string, { prepare, schema }: Surroundings): void {
  storeConformance(name, async () => {
    const database = await createScratchDatabase()
    const open = (options?: string) =>
      new PrismaClient({ adapter: new PrismaPg({ connectionString: database.url, options }) })
    const preparing = open()
    for (const statement of prepare) await preparing.$executeRawUnsafe(statement)
    await preparing.$disconnect()
    const client = open()
    // What the test itself reads comes through the adapter, which takes every date for UTC.
    const reading = open('-c timezone=UTC -c datestyle=ISO')
    return {
      store: openStore({ client, provider: 'postgresql', channels: defaultChannels, schema }),
      clear: async () => {
        await client.$executeRawUnsafe('TRUNCATE sisy_task, sisy_task_run, sisy_task_worker')
      },
      sql: (statement, ...values) => reading.$queryRawUnsafe(statement, ...values),
      close: async () => {
        await client.$disconnect()
        await reading.$disconnect()
        await database.drop()
      },
    }
  })
}

const ofDatabase = (setting: string) =>
  `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET ${setting}', current_database()); END $$`

conformance('the store on PostgreSQL', { prepare: [] })

conformance('the store on PostgreSQL, in a schema of its own, far from UTC', {
  schema: 'app "1"',
  prepare: [
    'CREATE SCHEMA "app ""1"""',
    ...['sisy_task', 'sisy_task_run', 'sisy_task_worker'].map(
      (table) => `ALTER TABLE ${table} SET SCHEMA "app ""1"""`,
    ),
    ofDatabase('search_path = "app ""1""", public'),
    ofDatabase(`timezone = ''Asia/Kathmandu''`),
    ofDatabase(`datestyle = ''German''`),
  ],
})
