import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { PrismaPg } from '@prisma/adapter-pg'
import { defaultChannels, systemClock, type Store } from '@sisy/core/internal'
import { createScratchDatabase, type ScratchDatabase } from '@sisy/test-kit'
import { PrismaClient } from '@sisy/test-kit/prisma-client'
import { claimRequest, newRun } from '@sisy/test-kit/store-conformance'
import pg from 'pg'
import type { Database } from '../../src/store/database.js'
import { openEngineDatabases, type EngineDatabases } from '../../src/store/engine-databases.js'
import { storeOn } from '../../src/store/open-store.js'
import { nodesOf, type PlanNode } from './explaining-client.js'

interface Sent {
  readonly sql: string
  readonly values: readonly unknown[]
}

/** Sends statements on, and keeps them. */
function recording(db: Database, sent: Sent[]): Database {
  return {
    query: (sql, values) => {
      sent.push({ sql, values })
      return db.query(sql, values)
    },
    execute: (sql, values) => db.execute(sql, values),
  }
}

function literal(value: unknown): string {
  if (Array.isArray(value)) return `ARRAY[${value.map(literal).join(', ')}]`
  if (typeof value === 'string' || typeof value === 'number') return pg.escapeLiteral(`${value}`)
  throw new TypeError(`No literal is made of ${typeof value}.`)
}

describe('what a worker sends most often, first over empty tables', () => {
  const now = new Date('2030-01-01T00:00:00Z')
  const sent: Sent[] = []
  let database: ScratchDatabase
  let client: PrismaClient
  let databases: EngineDatabases
  let store: Store

  beforeAll(async () => {
    database = await createScratchDatabase()
    client = new PrismaClient({ adapter: new PrismaPg({ connectionString: database.url }) })
    databases = openEngineDatabases({
      client,
      name: 'sisy-test',
      connections: { claiming: 1, others: 1 },
      deadlineMs: 60_000,
      clock: systemClock,
      random: Math.random,
    })
    const { others } = databases
    const claiming = recording(databases.claiming, sent)
    store = storeOn({ claiming, others }, { provider: 'postgresql', channels: defaultChannels })
  })
  afterAll(async () => {
    await databases.close()
    await client.$disconnect()
    await database.drop()
  })

  /** The plan that the session has for what was sent last. */
  async function keptPlan(): Promise<PlanNode> {
    const { sql = '', values = [] } = sent.at(-1) ?? {}
    const [kept] = await databases.claiming.query<{ name: string; plans: string }>(
      `SELECT name, custom_plans || ' made for its values, ' || generic_plans || ' times the kept one' AS plans
       FROM pg_prepared_statements WHERE statement = $1`,
      [sql],
    )
    expect(kept?.plans).toMatch(/^0 made for its values, [1-9]\d* times the kept one$/)
    const given = values.length === 0 ? '' : `(${values.map(literal).join(', ')})`
    const [explained] = await databases.claiming.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      `EXPLAIN (FORMAT JSON) EXECUTE ${kept?.name}${given}`,
      [],
    )
    if (explained === undefined) throw new Error('Nothing was explained.')
    return explained['QUERY PLAN'][0].Plan
  }
  const readsOf = (plan: PlanNode) =>
    nodesOf(plan).filter((node) => node['Relation Name']?.startsWith('sisy_'))

  test('a claim keeps a plan that reads due runs as they lie in the index', async () => {
    const claimed = async () => (await store.claimRuns(now, claimRequest({ limit: 10 }))).runs.length
    expect(await claimed()).toBe(0)
    await store.enqueueRuns(Array.from({ length: 3_000 }, () => newRun()))
    expect(await claimed()).toBe(10)
    const plan = await keptPlan()
    const first = nodesOf(plan).find((node) => node['Subplan Name'] === 'CTE first')
    if (first === undefined) throw new Error('Nothing is claimed.')
    expect(nodesOf(first).map((node) => node['Node Type'])).toEqual(['Limit', 'LockRows', 'Index Scan'])
    expect(nodesOf(first).at(-1)?.['Index Cond']).toMatch(/state = 'due'.*queue = /)
    const reads = readsOf(plan).map((node) => [node['Node Type'], node['Relation Name']])
    expect(reads).toEqual([
      ['Index Scan', 'sisy_task_run'],
      ['ModifyTable', 'sisy_task_run'],
      ['Tid Scan', 'sisy_task_run'],
      ['Index Scan', 'sisy_task'],
    ])
  })

  test('a look ahead keeps a plan that reads nothing whole', async () => {
    await store.lookAhead()
    const reads = readsOf(await keptPlan())
    expect(reads).not.toHaveLength(0)
    for (const read of reads) {
      expect(read['Node Type']).toMatch(/^Index (Only )?Scan$/)
      expect(read).toHaveProperty('Index Cond')
    }
  })
})
