import { PrismaPg } from '@prisma/adapter-pg'
import { defaultChannels, openStore, systemClock, type Store } from '@sisy/core/internal'
import { createScratchDatabase } from '@sisy/test-kit'
import { storeConformance, type HeldRow } from '@sisy/test-kit/store-conformance'
import { PrismaClient } from '@sisy/test-kit/prisma-client'
import pg from 'pg'
import { openEngineDatabases } from '../../src/store/engine-databases.js'
import { storeOn, type StoreOptions } from '../../src/store/open-store.js'

/** Locks a run's row from a session of its own. */
async function holdRun(url: string, runId: string): Promise<HeldRow> {
  const session = new pg.Client({ connectionString: url })
  await session.connect()
  await session.query('BEGIN')
  await session.query('SELECT FROM sisy_task_run WHERE id = $1 FOR UPDATE', [runId])
  return {
    letGo: async () => {
      await session.query('ROLLBACK')
      await session.end()
    },
  }
}

interface Surroundings {
  /** Statements that prepare the database. */
  readonly prepare: readonly string[]
  readonly schema?: string
  readonly openThrough: (client: PrismaClient, options: StoreOptions) => OpenedStore
}

interface OpenedStore {
  readonly store: Store
  close(): Promise<void>
}

const theClient: Surroundings['openThrough'] = (client, options) => ({
  store: openStore({ client, ...options }),
  close: () => Promise.resolve(),
})

const connectionsOfItsOwn: Surroundings['openThrough'] = (client, options) => {
  const databases = openEngineDatabases({
    client,
    name: 'sisy-test',
    connections: { claiming: 1, others: 3 },
    deadlineMs: 30_000,
    clock: systemClock,
    random: Math.random,
  })
  return { store: storeOn(databases, options), close: () => databases.close() }
}

function conformance(name: string, { prepare, schema, openThrough }: Surroundings): void {
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
    const options = { provider: 'postgresql', channels: defaultChannels, schema }
    const { store, close } = openThrough(client, options)
    return {
      store,
      clear: async () => {
        await client.$executeRawUnsafe('TRUNCATE sisy_task, sisy_task_run, sisy_task_worker')
      },
      sql: (statement, ...values) => reading.$queryRawUnsafe(statement, ...values),
      hold: (runId) => holdRun(database.url, runId),
      close: async () => {
        await close()
        await client.$disconnect()
        await reading.$disconnect()
        await database.drop()
      },
    }
  })
}

const ofDatabase = (setting: string) =>
  `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET ${setting}', current_database()); END $$`

const inSchemaFarFromUtc = {
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
}

conformance('the store on PostgreSQL', { prepare: [], openThrough: theClient })

conformance('the store on PostgreSQL, in a schema of its own, far from UTC', {
  ...inSchemaFarFromUtc,
  openThrough: theClient,
})

conformance('the store on PostgreSQL, the same, over connections of its own', {
  ...inSchemaFarFromUtc,
  openThrough: connectionsOfItsOwn,
})
