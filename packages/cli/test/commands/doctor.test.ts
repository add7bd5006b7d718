import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createScratchDatabase, makeAppFolder, type AppFolder, type ScratchDatabase } from '@sisy/test-kit'
import { readFileSync } from 'node:fs'
import pg from 'pg'
import { runSisy } from '../run-sisy.js'

const repository = new URL('../../../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, repository), 'utf8')
const generatedClient = new URL('packages/test-kit/generated/prisma-client/client.ts', repository).href

const db = `
  import { PrismaPg } from '@prisma/adapter-pg'
  import { sisy } from '@sisy/core'
  import { PrismaClient } from '${generatedClient}'
  const base = new PrismaClient({ adapter: new PrismaPg({ connectionString: process.env.DATABASE_URL }) })
  const maintain = async () => {}
  export const prisma = base.$extends(sisy(base, { callables: () => ({ maintain }) }))`

const files = {
  'package.json': '{ "type": "module" }',
  'prisma/schema/app.prisma': read('prisma/test/app.prisma'),
  'prisma/schema/sisy.prisma': read('prisma/test/sisy.prisma'),
  'src/db.ts': db,
  'sisy.config.ts': `import { defineConfig } from '@sisy/core'\nimport { prisma } from './src/db.js'\nexport default defineConfig({ prisma })`,
}

let scratch: ScratchDatabase
let client: pg.Client
beforeAll(async () => {
  scratch = await createScratchDatabase()
  client = new pg.Client({ connectionString: scratch.url })
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await scratch.drop()
})
beforeEach(async () => {
  await client.query('DELETE FROM sisy_task_run; DELETE FROM sisy_task')
})

interface Told {
  readonly code: number | null
  readonly lines: readonly string[]
}

async function doctor(changes: Record<string, string> = {}, env: NodeJS.ProcessEnv = {}): Promise<Told> {
  using app: AppFolder = makeAppFolder({ ...files, ...changes })
  const { code, stdout, stderr } = await runSisy(app.path, ['doctor'], { DATABASE_URL: scratch.url, ...env })
  expect(stderr).toBe('')
  return { code, lines: stdout.trimEnd().replaceAll(app.path, '<app>').split('\n') }
}

describe('sisy doctor', () => {
  it('lists what is good and exits with 0', async () => {
    await client.query(`INSERT INTO sisy_task (label, callable) VALUES ('a', 'maintain')`)
    expect(await doctor()).toEqual({
      code: 0,
      lines: [
        '✓ The schema prisma/schema has Task, TaskRun, TaskWorker as this version needs them.',
        '✓ The configuration <app>/sisy.config.ts is accepted.',
        expect.stringMatching(/^✓ The database answers: PostgreSQL \d+/),
        '✓ The tables are in the database, with all their columns.',
        '✓ All callables that rows name are registered (1 callable in all).',
        'All good.',
      ],
    })
  })

  it('tells that work waits and neither heartbeat nor worker seems to run', async () => {
    const noHeartbeat = expect.stringMatching(/^! Tasks have waited .* Start npx sisy-heartbeat; /)
    const noWorker = expect.stringMatching(/^! Runs are due, and no worker .* Start npx sisy-worker\.$/)
    const hour = `now() - interval '1 hour'`
    await client.query(`
      INSERT INTO sisy_task (label, callable, schedule, "modifiedAt") VALUES ('a', 'maintain', 'no schedule', ${hour});
      INSERT INTO sisy_task_run (label, callable, "dueAt") VALUES ('b', 'maintain', ${hour})`)
    const { code, lines } = await doctor()
    expect(code).toBe(0)
    expect(lines).toEqual(expect.arrayContaining([noHeartbeat, noWorker, 'No problems, 2 hints.']))
    await client.query(`
      UPDATE sisy_task SET "nextRun" = now() + interval '1 hour';
      INSERT INTO sisy_task_worker (host, pid) VALUES ('here', 1)`)
    const { lines: after } = await doctor()
    await client.query('DELETE FROM sisy_task_worker')
    expect(after).not.toContainEqual(noHeartbeat)
    expect(after).not.toContainEqual(noWorker)
  })

  it('names tasks that could not be planned', async () => {
    await client.query(
      `INSERT INTO sisy_task (label, callable, problem) VALUES ('broken', 'maintain', 'schedule "x" is none.')`,
    )
    const { code, lines } = await doctor()
    expect(code).toBe(1)
    expect(lines).toContainEqual(
      expect.stringMatching(/Task "broken" \(.*\) is left out: schedule "x" is none\. Edit it/),
    )
  })

  it('names unknown callables of tasks, of unfinished runs and of the configuration', async () => {
    await client.query(`
      INSERT INTO sisy_task (label, callable) VALUES ('a', 'maintian'), ('b', 'maintian');
      INSERT INTO sisy_task_run (label, callable, state) VALUES ('c', 'other', 'scheduled'), ('d', 'past', 'failed')`)
    const { code, lines } = await doctor({
      'sisy.config.ts': files['sisy.config.ts'].replace(
        'defineConfig({ prisma })',
        `defineConfig({ prisma, tasks: [{ callable: 'third', key: 'k' }] })`,
      ),
    })
    expect(code).toBe(1)
    expect(lines.slice(-4)).toEqual([
      '✗ "maintian" is not registered, but named by 2 tasks. Did you mean "maintain"? ' +
        'Register it in `callables` or `methods` of sisy(…), or change or delete these rows.',
      '✗ "other" is not registered, but named by 1 unfinished run. ' +
        'Register it in `callables` or `methods` of sisy(…), or change or delete these rows.',
      '✗ "third" is not registered, but named by `tasks` of the configuration. ' +
        'Register it in `callables` or `methods` of sisy(…), or change or delete it there.',
      '3 problems.',
    ])
  })

  it('tells of configured tasks that would be refused, without a database', async () => {
    const changes = {
      'sisy.config.ts': files['sisy.config.ts'].replace(
        'defineConfig({ prisma })',
        `defineConfig({ prisma, tasks: [
          { callable: 'maintain', key: 'k' },
          { callable: 'maintain', key: 'l', schedule: '* * * *' },
          { callable: 'maintain', key: 'm', timezone: 'Mars' },
        ] })`,
      ),
    }
    const { code, lines } = await doctor(changes, { DATABASE_URL: 'postgres://user:secret@127.0.0.1:1/none' })
    expect(code).toBe(1)
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.stringMatching(
          /^✗ tasks\[1\] of the configuration: schedule "\* \* \* \*" has 4 fields; .* do not start\.$/,
        ),
        expect.stringMatching(
          /^✗ tasks\[2\] of the configuration: .*"Mars".* Heartbeat and worker do not start\.$/,
        ),
        expect.stringMatching(/^✗ The database at 127\.0\.0\.1:1 cannot be reached\./),
      ]),
    )
  })

  it('tells of an index that results depend on', async () => {
    await client.query('DROP INDEX "sisy_task_run_activeKey_key"')
    const { code, lines } = await doctor()
    await client.query('CREATE UNIQUE INDEX "sisy_task_run_activeKey_key" ON sisy_task_run ("activeKey")')
    expect(code).toBe(1)
    expect(lines).toContain(
      '✗ The unique index sisy_task_run_activeKey_key is missing, and Sisy cannot do without. Put this into a ' +
        'migration: CREATE UNIQUE INDEX "sisy_task_run_activeKey_key" ON "sisy_task_run"("activeKey");',
    )
  })

  it('compares the tables with the models, and hints at indexes that only save time', async () => {
    await client.query('DROP INDEX sisy_task_run_task')
    const hinted = await doctor()
    await client.query(
      'CREATE INDEX sisy_task_run_task ON sisy_task_run ("taskId") WHERE "taskId" IS NOT NULL',
    )
    expect(hinted.code).toBe(0)
    expect(hinted.lines).toContainEqual(
      expect.stringMatching(/^! The index sisy_task_run_task is missing: .*: CREATE INDEX /),
    )
    await client.query(
      'BEGIN; ALTER TABLE sisy_task_worker DROP COLUMN host, ALTER COLUMN pid TYPE text; COMMIT',
    )
    const { code, lines } = await doctor()
    await client.query(`ALTER TABLE sisy_task_worker ADD COLUMN host text, ALTER COLUMN pid TYPE int USING 1`)
    const migrate = 'Run npx prisma migrate dev (npx prisma migrate deploy in production).'
    expect(code).toBe(1)
    expect(lines.slice(-3)).toEqual([
      `✗ The column sisy_task_worker.host is not in the database. ${migrate}`,
      `✗ The column sisy_task_worker.pid is of type text, not int4. ${migrate}`,
      '2 problems.',
    ])
  })

  it('tells of rights the user lacks', async () => {
    const role = `sisy_reader_${new URL(scratch.url).pathname.slice(-8)}`
    await client.query(
      `CREATE ROLE ${role} LOGIN PASSWORD 'x'; GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO ${role}`,
    )
    const url = new URL(scratch.url)
    url.username = role
    url.password = 'x'
    const { lines } = await doctor({}, { DATABASE_URL: url.href })
    await client.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`)
    expect(lines).toContain(
      '✗ The database user may not UPDATE, DELETE on sisy_task. As its owner run: GRANT UPDATE, DELETE ON sisy_task TO …;',
    )
  })

  it('hints at schedules finer than the heartbeat', async () => {
    await client.query(
      `INSERT INTO sisy_task (label, callable, schedule) VALUES ('a', 'maintain', '* * * * * */10')`,
    )
    const hinted = await doctor()
    expect(hinted.code).toBe(0)
    expect(hinted.lines).toContainEqual(
      expect.stringMatching(
        /^! A task: schedule "\* \* \* \* \* \*\/10" has instants 10 s apart, .* every 60 s/,
      ),
    )
    const { lines } = await doctor({}, { SISY_HEARTBEAT_FREQUENCY: '10' })
    expect(lines.filter((line) => line.startsWith('!'))).toEqual([])
  })

  it('warns of channels that do not meet', async () => {
    const changed = files['sisy.config.ts'].replace(
      'defineConfig({ prisma })',
      `defineConfig({ prisma, channels: { runTask: 'x' } })`,
    )
    expect((await doctor({ 'sisy.config.ts': changed })).lines).toContainEqual(
      expect.stringMatching(
        /^! The client notifies on "sisy\.run_task" and the configuration listens on "x" \(channels\.runTask\)/,
      ),
    )
  })

  it('tells in one line what cannot be examined, and goes on with the rest', async () => {
    const url = new URL(scratch.url)
    url.port = '1'
    const { code, lines } = await doctor({ 'prisma/schema/app.prisma': '' }, { DATABASE_URL: url.href })
    expect(code).toBe(1)
    expect(lines).toEqual([
      expect.stringMatching(/^✗ There is no Prisma schema with a datasource at /),
      '✓ The configuration <app>/sisy.config.ts is accepted.',
      expect.stringMatching(/^✗ The database at .+:1 cannot be reached\./),
      '2 problems.',
    ])
  })

  it('tells of a missing configuration', async () => {
    using app = makeAppFolder({ 'package.json': '{}' })
    const { stdout, code } = await runSisy(app.path, ['doctor', '--config', 'ops/sisy.config.ts'])
    expect(code).toBe(1)
    expect(stdout).toContain(`✗ There is no configuration at ${app.path}/ops/sisy.config.ts (from --config).`)
  })
})
