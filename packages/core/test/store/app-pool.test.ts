import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { PrismaPg } from '@prisma/adapter-pg'
import { systemClock } from '@sisy/core/internal'
import { createScratchDatabase, type ScratchDatabase } from '@sisy/test-kit'
import { PrismaClient } from '@sisy/test-kit/prisma-client'
import pg from 'pg'
import { openEngineDatabases } from '../../src/store/engine-databases.js'

let scratch: ScratchDatabase
let admin: pg.Client
beforeAll(async () => {
  scratch = await createScratchDatabase({ schema: 'none' })
  admin = new pg.Client({ connectionString: scratch.url })
  await admin.connect()
})
afterAll(async () => {
  await admin.end()
  await scratch.drop()
})

/** Asks something over the app's pool, and leaves a connection idle in it. @returns the pid of its session. */
async function useAndLeave(pool: pg.Pool): Promise<number> {
  const databases = openEngineDatabases({
    client: new PrismaClient({ adapter: new PrismaPg(pool) }),
    name: 'sisy-test',
    connections: { claiming: 1, others: 4 },
    deadlineMs: 10_000,
    clock: systemClock,
    random: Math.random,
  })
  const [session] = await databases.others.query<{ pid: number }>('SELECT pg_backend_pid() AS pid', [])
  await databases.close()
  return session?.pid ?? 0
}

test("an app's pool may lose what an engine left idle in it, however many there were", async () => {
  const pool = new pg.Pool({ connectionString: scratch.url, max: 3 })
  for (let engines = 0; engines < 3; engines += 1) {
    const pid = await useAndLeave(pool)
    // Without a listener of its errors the pool would end this process.
    const lost = new Promise((resolve) => pool.once('remove', resolve))
    await admin.query('SELECT pg_terminate_backend($1)', [pid])
    await lost
  }
  expect(pool.listenerCount('error')).toBe(1)
  await pool.end()
})
