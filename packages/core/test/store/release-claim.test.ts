import { PrismaPg } from '@prisma/adapter-pg'
import { expect, test } from '@jest/globals'
import { defaultChannels, openStore, systemClock } from '@sisy/core/internal'
import { createScratchDatabase } from '@sisy/test-kit'
import { PrismaClient } from '@sisy/test-kit/prisma-client'
import { claimRequest, newRun } from '@sisy/test-kit/store-conformance'
import { once } from 'node:events'
import pg from 'pg'

test('a claim that is given back wakes workers', async () => {
  const database = await createScratchDatabase()
  const client = new PrismaClient({ adapter: new PrismaPg({ connectionString: database.url }) })
  const store = openStore({ client, provider: 'postgresql', channels: defaultChannels })
  const listening = new pg.Client({ connectionString: database.url })
  await listening.connect()

  await store.enqueueRuns([newRun({ queue: 'mail' }), newRun({ queue: 'mail' })])
  const request = claimRequest({ queue: 'mail' })
  await store.claimRuns(systemClock.now(), request)
  await listening.query(`LISTEN "${defaultChannels.runTask}"`)
  const heard = once(listening, 'notification')
  expect(await store.releaseClaim(request.leaseToken)).toBe(2)
  expect(await heard).toEqual([expect.objectContaining({ payload: 'mail' })])

  await listening.end()
  await client.$disconnect()
  await database.drop()
})
