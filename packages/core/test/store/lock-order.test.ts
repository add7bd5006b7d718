import { PrismaPg } from '@prisma/adapter-pg'
import { expect, test } from '@jest/globals'
import { defaultChannels, openStore, systemClock } from '@sisy/core/internal'
import { createScratchDatabase } from '@sisy/test-kit'
import { PrismaClient } from '@sisy/test-kit/prisma-client'
import { claimRequest, newRunId, newTask } from '@sisy/test-kit/store-conformance'
import pg from 'pg'

test('a task that is being deleted while its run saves userdata ends in no deadlock', async () => {
  const database = await createScratchDatabase()
  const client = new PrismaClient({ adapter: new PrismaPg({ connectionString: database.url }) })
  const store = openStore({ client, provider: 'postgresql', channels: defaultChannels })
  const deleting = new pg.Client({ connectionString: database.url })
  await deleting.connect()

  const task = await store.writeTask(newTask)
  const now = systemClock.now()
  await store.runTask({ id: task.id }, newRunId())
  const request = claimRequest()
  const { runs } = await store.claimRuns(now, request)
  const lease = { id: runs[0]?.id ?? '', leaseToken: request.leaseToken }

  await deleting.query('BEGIN')
  await deleting.query('SELECT FROM sisy_task FOR UPDATE')
  const saved = store.saveUserdata(lease, { saved: true })
  const waits = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
  while ((await client.$queryRawUnsafe<object[]>(waits)).length === 0);
  await deleting.query('DELETE FROM sisy_task')
  await deleting.query('COMMIT')
  expect(await saved).toBe(true)
  expect(await client.taskRun.findMany()).toEqual([
    expect.objectContaining({ taskId: null, userdata: { saved: true }, state: 'running' }),
  ])

  await deleting.end()
  await client.$disconnect()
  await database.drop()
})
