import { PrismaPg } from '@prisma/adapter-pg'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { defaultChannels, openStore, type Lease, type Stamp, type Store } from '@sisy/core/internal'
import { createScratchDatabase, type ScratchDatabase } from '@sisy/test-kit'
import { Prisma, PrismaClient } from '@sisy/test-kit/prisma-client'
import {
  claimRequest,
  newRun,
  newRunId,
  newRunIds,
  newTask,
  transitionAfter,
} from '@sisy/test-kit/store-conformance'
import { randomUUID } from 'node:crypto'
import { costlyReads, explainingClient, nodesOf, type ExplainingClient } from './explaining-client.js'

const now = new Date('2030-01-01T00:00:00Z')
const soon = new Date('2030-01-01T00:01:00Z')
const later = new Date('2030-01-01T01:00:00Z')
const timing = { lastRun: null, iterations: 0, endedAt: null, problem: null }

describe('with a million rows of history and 100 000 tasks', () => {
  let database: ScratchDatabase
  let client: PrismaClient
  let explaining: ExplainingClient
  let store: Store

  beforeAll(async () => {
    database = await createScratchDatabase()
    client = new PrismaClient({ adapter: new PrismaPg({ connectionString: database.url }) })
    explaining = explainingClient(client)
    store = openStore({ client: explaining, provider: 'postgresql', channels: defaultChannels })
    await client.$executeRaw`
      INSERT INTO sisy_task (label, callable, key, "nextRun")
      SELECT 'work', 'work', 'key ' || n, ${later}::timestamptz + n * interval '1 second'
      FROM generate_series(1, 100000) AS n`
    const ended = Prisma.sql`label, callable, state, attempt, "dueAt", "startedAt", "finishedAt"`
    // One run after the other, as history comes about: a day of it.
    const at = (from: number) =>
      Prisma.sql`${now}::timestamptz - (1000000 - ${from} - n) * interval '86.4 ms' AS at`
    await client.$executeRaw`
      INSERT INTO sisy_task_run (${ended}) SELECT 'work', 'work', 'succeeded', 1, at, at, at
      FROM (SELECT ${at(0)} FROM generate_series(1, 800000) AS n) AS one_shot`
    await client.$executeRaw`
      INSERT INTO sisy_task_run ("taskId", ${ended}) SELECT id, 'work', 'work', 'succeeded', 1, at, at, at
      FROM (SELECT ${at(800_000)}, id FROM (SELECT id, row_number() OVER () AS n FROM sisy_task, generate_series(1, 2)) AS two) AS stamped`
    // The planner knows the tables as they are when nothing runs.
    await client.$executeRaw`ANALYZE`
  }, 60_000)

  afterAll(async () => {
    await client.$disconnect()
    await database.drop()
  })

  const dueTasks = async () => {
    await client.$executeRaw`
      UPDATE sisy_task SET "nextRun" = ${now}
      WHERE id IN (SELECT id FROM sisy_task WHERE "nextRun" > ${now} ORDER BY "nextRun" DESC LIMIT 500)`
  }
  const enqueued = async (count: number, dueAt: Date | null = null) => {
    const runs = Array.from({ length: count }, () => newRun({ dueAt }))
    const written = await store.enqueueRuns(runs)
    return written.flatMap((run) => (run === null ? [] : [run.id]))
  }
  const claimed = async (count: number): Promise<Lease[]> => {
    await enqueued(count)
    const request = claimRequest({ limit: count })
    const { runs } = await store.claimRuns(now, request)
    return runs.map(({ id }) => ({ id, leaseToken: request.leaseToken }))
  }
  const someTask = async () => {
    const { id } = await client.task.findFirstOrThrow({ orderBy: { nextRun: 'desc' } })
    return id
  }

  /** Each prepares what its statement is about and returns what to send. */
  const statements: Record<string, () => Promise<() => Promise<unknown>>> = {
    writeTask: async () => () => store.writeTask({ ...newTask, key: 'key 5000' }),
    enqueueRuns: async () => () => enqueued(100),
    lookAhead: async () => {
      await enqueued(100)
      await enqueued(100, later)
      await claimed(100)
      return () => store.lookAhead()
    },
    readDueTasks: async () => {
      await dueTasks()
      return () => store.readDueTasks(soon, { limit: 1000, except: [] })
    },
    stampTasks: async () => {
      await dueTasks()
      const tasks = await store.readDueTasks(soon, { limit: 1000, except: [] })
      const stamps = tasks.map((read): Stamp => {
        const runs = newRunIds(1).map((id) => ({ id, dueAt: now }))
        const columns = { ...timing, nextRun: later }
        return { read, runs, stamped: columns, skipped: columns }
      })
      return async () => expect(await store.stampTasks(now, stamps)).toMatchObject({ runs: stamps.length })
    },
    readUnplannedTasks: async () => {
      await client.$executeRaw`UPDATE sisy_task SET "nextRun" = NULL WHERE key LIKE 'key 77%'`
      return () => store.readUnplannedTasks({ limit: 500, except: [] })
    },
    planTasks: async () => {
      await client.$executeRaw`UPDATE sisy_task SET "nextRun" = NULL WHERE key LIKE 'key 77%'`
      const tasks = await store.readUnplannedTasks({ limit: 500, except: [] })
      const plans = tasks.map((read) => ({ read, nextRun: later, endedAt: null, problem: null }))
      return async () => expect(await store.planTasks(plans)).toBe(500)
    },
    unplanDisabledTasks: async () => {
      await client.$executeRaw`UPDATE sisy_task SET enabled = false WHERE key LIKE 'key 66%'`
      return async () => expect(await store.unplanDisabledTasks()).toBeGreaterThan(500)
    },
    promoteRuns: async () => {
      await enqueued(500, soon)
      return async () => expect(await store.promoteRuns(soon, 1000)).toBe(500)
    },
    claimRuns: async () => {
      await enqueued(100)
      return () => claimed(100)
    },
    listUnknownCallables: async () => {
      await enqueued(100)
      return () => store.listUnknownCallables(['default'], ['other'])
    },
    startRuns: async () => {
      const leases = await claimed(200)
      return async () =>
        expect(await store.startRuns(leases.map((lease) => ({ ...lease, startedAt: now })))).toHaveLength(200)
    },
    renewLeases: async () => {
      const leases = await claimed(200)
      return async () => expect((await store.renewLeases(now, 60_000, leases)).leases).toHaveLength(200)
    },
    finishRuns: async () => {
      const leases = await claimed(200)
      const transition = transitionAfter({ kind: 'ok', result: null })
      const finishes = leases.map((lease) => ({ ...lease, transition }))
      const ended = finishes.map(() => 'succeeded')
      return async () => expect(await store.finishRuns(now, finishes)).toEqual(ended)
    },
    'finishRuns, of a rescue': async () => {
      const leases = await claimed(200)
      const transition = transitionAfter({ kind: 'lost' })
      const rescues = leases.map((lease) => ({ ...lease, leaseUntil: soon, transition }))
      const taken = rescues.map(() => 'due')
      return async () => expect(await store.finishRuns(now, rescues)).toEqual(taken)
    },
    completeRun: async () => {
      const [lease] = await claimed(1)
      return async () => expect(await store.completeRun(lease ?? noLease, { n: 1 })).toBe(true)
    },
    releaseClaim: async () => {
      const [lease] = await claimed(100)
      return async () => expect(await store.releaseClaim(lease?.leaseToken ?? '')).toBe(100)
    },
    saveUserdata: async () => {
      const [lease] = await claimed(1)
      return async () => expect(await store.saveUserdata(lease ?? noLease, { n: 1 })).toBe(true)
    },
    readLostRuns: async () => {
      await claimed(200)
      return () => store.readLostRuns(later, 500)
    },
    endStrangeRuns: async () => {
      const [id = ''] = await enqueued(100)
      await client.taskRun.update({ where: { id }, data: { state: 'pending' } })
      return async () => expect(await store.endStrangeRuns(now, 500)).toHaveLength(1)
    },
    reapTasks: async () => {
      await client.$executeRaw`UPDATE sisy_task SET "nextRun" = NULL, "endedAt" = ${now} WHERE key LIKE 'key 55%'`
      return async () => expect(await store.reapTasks(500)).toBe(500)
    },
    pruneRuns: async () => () =>
      store.pruneRuns(
        { succeeded: new Date('2029-12-31T00:10:00Z'), failed: new Date('2029-12-18T00:00:00Z') },
        1000,
      ),
    'pruneRuns, when nothing is old': async () => async () => {
      const before = new Date('2020-01-01T00:00:00Z')
      expect(await store.pruneRuns({ succeeded: before, failed: before }, 1000)).toBe(0)
    },
    deleteTasks: async () => {
      const tasks = await client.task.findMany({ where: { key: { startsWith: 'key 4' } }, take: 500 })
      return async () => expect(await store.deleteTasks(tasks.map(({ id }) => id))).toBe(500)
    },
    runTask: async () => {
      const id = await someTask()
      return () => store.runTask({ id }, newRunId())
    },
    'runTask, by key': async () => () => store.runTask({ key: 'key 9000' }, newRunId()),
    cancelRun: async () => {
      const [id = ''] = await enqueued(1)
      return async () => expect(await store.cancelRun(id)).toBe('cancelled')
    },
    ...Object.fromEntries(
      [
        { key: 'key 9001' },
        { uniqueKey: 'x' },
        { label: 'work', queue: 'default' },
        { callable: 'work' },
      ].map((where) => [
        `cancelRuns by ${Object.keys(where).join(' and ')}`,
        async () => {
          await enqueued(100)
          await claimed(100)
          return () => store.cancelRuns(where, 1000)
        },
      ]),
    ),
    retryRun: async () => {
      const [id = ''] = await enqueued(1)
      await store.cancelRun(id)
      return async () => expect(await store.retryRun(id)).toMatchObject({ state: 'due' })
    },
    readRun: async () => {
      const [id = ''] = await enqueued(1)
      return () => store.readRun(id)
    },
  }
  const noLease = { id: randomUUID(), leaseToken: randomUUID() }

  test.each(Object.keys(statements))(
    '%s reads no whole table, and searches no list for each row',
    async (name) => {
      const send = await statements[name]?.()
      explaining.plans.length = 0
      await send?.()
      expect(explaining.plans).not.toHaveLength(0)
      expect(explaining.plans.flatMap(costlyReads)).toEqual([])
    },
  )

  test('due tasks are read as they lie in the index, past those under way', async () => {
    await dueTasks()
    const underWay = await store.readDueTasks(soon, { limit: 400, except: [] })
    explaining.plans.length = 0
    await store.readDueTasks(soon, { limit: 50, except: underWay.map(({ id }) => id) })
    const kinds = explaining.plans.flatMap(nodesOf).map((node) => node['Node Type'])
    expect(kinds).toContain('Index Scan')
    expect(kinds).not.toContain('Sort')
  })
})
