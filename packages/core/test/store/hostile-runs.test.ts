import { PrismaPg } from '@prisma/adapter-pg'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { defaultChannels, openStore, systemClock, type Store } from '@sisy/core/internal'
import { createScratchDatabase, type ScratchDatabase } from '@sisy/test-kit'
import { PrismaClient } from '@sisy/test-kit/prisma-client'
import { claimRequest, newRunId } from '@sisy/test-kit/store-conformance'
import { once } from 'node:events'
import pg from 'pg'

let database: ScratchDatabase
let client: PrismaClient
let store: Store
beforeAll(async () => {
  database = await createScratchDatabase()
  client = new PrismaClient({ adapter: new PrismaPg({ connectionString: database.url }) })
  store = openStore({ client, provider: 'postgresql', channels: defaultChannels })
})
beforeEach(() => client.taskRun.deleteMany())
afterAll(async () => {
  await client.$disconnect()
  await database.drop()
})

const work = { label: 'work', callable: 'work' }

test('a queue whose name is too long for a wake-up is promoted, and wakes workers to look for themselves', async () => {
  const listening = new pg.Client({ connectionString: database.url })
  await listening.connect()
  await listening.query(`LISTEN "${defaultChannels.runTask}"`)

  const queues = ['q'.repeat(7_999), 'é'.repeat(4_000)]
  for (const queue of queues) {
    const heard = once(listening, 'notification')
    await client.taskRun.create({
      data: { ...work, id: newRunId(), queue, state: 'scheduled', dueAt: new Date(0) },
    })
    expect(await store.promoteRuns(systemClock.now(), 10)).toBe(1)
    expect(await heard).toEqual([
      expect.objectContaining({ payload: Buffer.byteLength(queue) < 8_000 ? queue : '' }),
    ])
  }
  await listening.end()
})

test('a run with as many attempts as an integer holds is left alone, and holds up no other', async () => {
  const worn = newRunId()
  const fresh = newRunId()
  for (const [id, attempt] of [
    [worn, 2_147_483_647],
    [fresh, 2_147_483_646],
  ] as const) {
    await client.taskRun.create({ data: { ...work, id, attempt, state: 'due', dueAt: new Date(0) } })
  }
  const { runs: claimed } = await store.claimRuns(systemClock.now(), { ...claimRequest(), limit: 10 })
  expect(claimed).toEqual([expect.objectContaining({ id: fresh, attempt: 2_147_483_647 })])
})
