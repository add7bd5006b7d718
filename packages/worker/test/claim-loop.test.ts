import { PrismaPg } from '@prisma/adapter-pg'
import { expect, test } from '@jest/globals'
import { defaultChannels, fixedAuthority, openStore, systemClock } from '@sisy/core/internal'
import { createScratchDatabase, settableClock } from '@sisy/test-kit'
import { PrismaClient } from '@sisy/test-kit/prisma-client'
import { newRun } from '@sisy/test-kit/store-conformance'
import { randomUUID } from 'node:crypto'
import { createClaimLoop } from '../src/claim-loop.js'
import { gate, until } from './test-app.js'

const leaseMs = 60_000
const pollMs = 30_000
const isClaim = (sql: string): boolean => sql.includes('claimed AS')
const isRelease = (sql: string): boolean => sql.includes('WITH released AS')

/** How the connection treats a statement: `sent` but its reply lost, or lost and sent `late`, when the gate opens. */
type Fault = { readonly kind: 'sent' } | { readonly kind: 'late'; readonly sent: ReturnType<typeof gate> }

/** A claim loop on a database of its own, over a connection that loses what it is told to. */
async function openLoop() {
  const database = await createScratchDatabase()
  const client = new PrismaClient({ adapter: new PrismaPg({ connectionString: database.url }) })
  const faults: { of: (sql: string) => boolean; fault: Fault }[] = []
  const late: PromiseLike<unknown>[] = []
  const sent: string[] = []
  const connection = {
    async $queryRawUnsafe<Rows>(sql: string, ...values: unknown[]): Promise<Rows> {
      sent.push(sql)
      const found = faults.findIndex(({ of }) => of(sql))
      if (found < 0) return client.$queryRawUnsafe<Rows>(sql, ...values)
      const [{ fault }] = faults.splice(found, 1) as [(typeof faults)[0]]
      const send = () => client.$queryRawUnsafe<Rows>(sql, ...values)
      if (fault.kind === 'sent') await send()
      else late.push(fault.sent.opened.then(send))
      throw new Error('the connection was reset')
    },
    $executeRawUnsafe: (sql: string, ...values: unknown[]) => client.$executeRawUnsafe(sql, ...values),
  }
  const store = openStore({ client: connection, provider: 'postgresql', channels: defaultChannels })
  const clock = settableClock(systemClock.now())
  const taken: string[] = []
  const room = { slots: 5 }
  const trouble = gate()
  const loop = createClaimLoop({
    store,
    clock: fixedAuthority(clock),
    workerId: randomUUID(),
    callables: ['work'],
    queues: undefined,
    leaseMs,
    pollMs: () => pollMs,
    newToken: randomUUID,
    wanted: () => room.slots,
    heldTasks: () => new Set(),
    take: ({ runs }) => {
      taken.push(...runs.map(({ id }) => id))
    },
    onMeasured: () => undefined,
    onRescued: () => undefined,
    onUnknownCallables: () => undefined,
    onTrouble: () => trouble.open(),
    onRecovery: () => undefined,
    random: () => 0,
  })
  const run = newRun()
  await store.enqueueRuns([run])
  return {
    loop,
    clock,
    room,
    run,
    taken,
    trouble: trouble.opened,
    row: () => client.taskRun.findUniqueOrThrow({ where: { id: run.id } }),
    releases: () => sent.filter(isRelease).length,
    lose: (of: (sql: string) => boolean, fault: Fault = { kind: 'sent' }) => faults.push({ of, fault }),
    arrived: () => Promise.all(late),
    async [Symbol.asyncDispose]() {
      await client.$disconnect()
      await database.drop()
    },
  }
}

test('a claim whose reply was lost is given back with its attempt, and claimed again', async () => {
  await using app = await openLoop()
  app.lose(isClaim)
  await expect(app.loop.once()).rejects.toThrow('reset')
  expect(await app.row()).toMatchObject({ state: 'running', attempt: 1 })
  expect(await app.loop.once()).toBe(true)
  expect(await app.row()).toMatchObject({ state: 'running', attempt: 1 })
  expect(app.taken).toEqual([app.run.id])
})

test('a queue whose claim failed is claimed from again, long before the next look at the database', async () => {
  await using app = await openLoop()
  const startedAt = app.clock.monotonic()
  app.lose(isClaim, { kind: 'late', sent: gate() })
  app.loop.start()
  await app.trouble
  await until(async () => {
    app.clock.advance(100)
    return (await app.row()).state === 'running'
  })
  expect(app.clock.monotonic() - startedAt).toBeLessThan(pollMs)
  await app.loop.stop()
  expect(app.taken).toEqual([app.run.id])
})

test('a claim that arrives after its release is released again, until its lease would be over', async () => {
  await using app = await openLoop()
  const sent = gate()
  app.lose(isClaim, { kind: 'late', sent })
  await expect(app.loop.once()).rejects.toThrow('reset')
  app.room.slots = 0
  await app.loop.once()
  expect(await app.row()).toMatchObject({ state: 'due', attempt: 0 })
  sent.open()
  await app.arrived()
  expect(await app.row()).toMatchObject({ state: 'running', attempt: 1 })
  app.clock.advance(1_000)
  await app.loop.once()
  expect(await app.row()).toMatchObject({ state: 'due', attempt: 0 })
  app.room.slots = 1
  await app.loop.once()
  expect(app.taken).toEqual([app.run.id])
  app.clock.advance(leaseMs)
  await app.loop.once()
  const releases = app.releases()
  app.clock.advance(leaseMs)
  await app.loop.once()
  expect(app.releases()).toBe(releases)
})

test('nothing is released while nothing is lost', async () => {
  await using app = await openLoop()
  await app.loop.once()
  app.clock.advance(1_000)
  await app.loop.once()
  expect(app.taken).toEqual([app.run.id])
  expect(app.releases()).toBe(0)
})

test('a worker that ends gives back what it may have claimed without knowing', async () => {
  await using app = await openLoop()
  app.lose(isClaim)
  await expect(app.loop.once()).rejects.toThrow('reset')
  await app.loop.releaseOrphans()
  expect(await app.row()).toMatchObject({ state: 'due', attempt: 0, leaseToken: null })
})

test('a loop that was stopped claims nothing more, and starts nothing it had asked for', async () => {
  await using app = await openLoop()
  await app.loop.stop()
  await app.loop.once()
  expect(app.taken).toEqual([])
  expect(await app.row()).toMatchObject({ state: 'due', attempt: 0 })
})
