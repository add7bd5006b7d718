import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { PrismaPg } from '@prisma/adapter-pg'
import { createScratchDatabase, startNode, type ScratchDatabase } from '@sisy/test-kit'
import { PrismaClient } from '@sisy/test-kit/prisma-client'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { openInspector } from '../../src/store/open-inspector.js'
import { builtModule } from '../built-module.js'

let scratch: ScratchDatabase
let client: PrismaClient
beforeAll(async () => {
  scratch = await createScratchDatabase()
  client = new PrismaClient({ adapter: new PrismaPg({ connectionString: scratch.url }) })
})
afterAll(async () => {
  await client.$disconnect()
  await scratch.drop()
})

describe('openInspector', () => {
  it('tells the version of the server', async () => {
    const version = await openInspector({ client }).readServerVersion()
    expect(version).toEqual({
      text: expect.stringMatching(/^PostgreSQL \d+/),
      number: expect.any(Number),
      isPglite: false,
    })
    expect(version.text).toContain(` ${Math.floor(version.number / 10_000)}`)
  })

  it('knows PGlite', async () => {
    const prisma = createRequire(createRequire(import.meta.url).resolve('prisma/package.json'))
    const pglite = createRequire(prisma.resolve('@prisma/dev')).resolve('@electric-sql/pglite')
    const { stdout } = await startNode([
      '--input-type=module',
      '--eval',
      `
      import { PGlite } from '${pathToFileURL(pglite).href}'
      import { readServerVersion } from '${builtModule('store/postgresql/inspect-database.js')}'
      const pglite = await PGlite.create()
      const db = { query: async (sql, values) => (await pglite.query(sql, values)).rows }
      console.log((await readServerVersion(db)).isPglite)
      await pglite.close()
    `,
    ]).ended
    expect(stdout).toBe('true\n')
  })

  it('tells what stands of the tables, and where nothing does', async () => {
    const [task, ...others] = await openInspector({ client }).inspectTables()
    expect(task).toMatchObject({ name: 'sisy_task', missingRights: [] })
    expect(task?.columns).toEqual(
      expect.arrayContaining([
        { name: 'modelKey', type: 'jsonb' },
        { name: 'nextRun', type: 'timestamptz' },
      ]),
    )
    expect(task?.indexes).toContain('sisy_task_pkey')
    expect(others.map(({ name }) => name)).toEqual(['sisy_task_run', 'sisy_task_worker'])
    const elsewhere = await openInspector({ client, schema: 'no"where' }).inspectTables()
    expect(elsewhere.map(({ name, columns }) => [name, columns.length])).toEqual([
      ['sisy_task', 0],
      ['sisy_task_run', 0],
      ['sisy_task_worker', 0],
    ])
  })

  it('counts the rows that name unknown callables, ended ones not', async () => {
    await client.task.createMany({
      data: [
        { label: 'a', callable: 'known' },
        { label: 'b', callable: 'gone' },
        { label: 'c', callable: 'gone' },
        { label: 'd', callable: 'ended', endedAt: new Date(0) },
      ],
    })
    await client.taskRun.createMany({
      data: [
        { label: 'a', callable: 'gone', state: 'due' },
        { label: 'b', callable: 'past', state: 'succeeded' },
        { label: 'c', callable: 'later', state: 'scheduled' },
      ],
    })
    expect(await openInspector({ client }).countUnknownCallables(['known'])).toEqual([
      { callable: 'gone', tasks: 2, runs: 1 },
      { callable: 'later', tasks: 0, runs: 1 },
    ])
  })

  it('counts tasks by schedule, of those that name seconds', async () => {
    const seconds = '*  * * *\t* */10 '
    await client.task.createMany({
      data: [
        { label: 'a', callable: 'known', schedule: seconds },
        { label: 'b', callable: 'known', schedule: seconds },
        { label: 'c', callable: 'known', schedule: '* * * * *' },
        { label: 'd', callable: 'known', schedule: '0 9 * * * 30' },
        { label: 'e', callable: 'known', schedule: '0 9 * * * 31', endedAt: new Date(0) },
        { label: 'f', callable: 'known', schedule: '0 9 * * * 60', problem: 'second field' },
      ],
    })
    expect(await openInspector({ client }).countSchedulesWithSeconds()).toEqual([
      { schedule: seconds, tasks: 2 },
      { schedule: '0 9 * * * 30', tasks: 1 },
    ])
  })
})
