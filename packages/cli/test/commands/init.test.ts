import { describe, expect, it } from '@jest/globals'
import { makeAppFolder, startNode } from '@sisy/test-kit'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readBlocks } from '../../src/schema/read-blocks.js'
import { runSisy } from '../run-sisy.js'

const datasource = 'datasource db {\n  provider = "postgresql"\n}\n'
const generator = 'generator client {\n  provider = "prisma-client"\n  output   = "../src/generated"\n}\n'
const user = 'model User {\n  id Int @id\n}\n'
const esm = { 'package.json': '{ "type": "module" }' }
const singleFile = { ...esm, 'prisma/schema.prisma': `${generator}\n${datasource}\n${user}` }
const withOwnTask = {
  ...esm,
  'prisma/schema.prisma': `${generator}\n${datasource}\nmodel Task {\n  id Int @id\n}\n`,
}
const folder = {
  ...esm,
  'prisma.config.ts': `import { defineConfig } from 'prisma/config'\nexport default defineConfig({ schema: 'db/schema', migrations: { path: 'db/history' } })`,
  'db/schema/base.prisma': `${generator}\n${datasource}`,
  'db/schema/models/user.prisma': user,
}

const read = (path: string, name: string) => readFileSync(join(path, name), 'utf8')
const modelsIn = (text: string) =>
  readBlocks(text).flatMap(({ kind, name }) => (kind === 'model' ? [name] : []))

/** Every file of an app, by its path in it, but what is installed. */
function filesOf(path: string): Record<string, string> {
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !entry.parentPath.includes('node_modules'),
  )
  return Object.fromEntries(
    files.map(({ parentPath, name }) => [join(parentPath, name), read(parentPath, name)]),
  )
}

/** What Prisma itself says of a schema. */
async function validate(path: string, schema: string): Promise<string> {
  const prisma = join(path, 'node_modules/prisma/build/index.js')
  const env = { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, DATABASE_URL: 'postgres://localhost/none' }
  const { stdout, stderr, code } = await startNode([prisma, 'validate', '--schema', schema], {
    cwd: path,
    env,
  }).ended
  return code === 0 ? 'valid' : stdout + stderr
}

describe('sisy init', () => {
  it('adds models, a migration and a configuration to an app with one schema file', async () => {
    using app = makeAppFolder({ ...singleFile, 'src/db.ts': 'export const db = new PrismaClient()' })
    const { code, stdout, stderr } = await runSisy(app.path, ['init'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^Schema prisma\/schema\.prisma, PostgreSQL, generator prisma-client\.\n/)
    expect(stdout).toMatch(
      /Created prisma\/migrations\/\d{14}_sisy\/migration\.sql\nCreated sisy\.config\.ts\n/,
    )
    expect(stdout).toContain('Give your client the plugin, in src/db.ts:')
    const schema = read(app.path, 'prisma/schema.prisma')
    expect(schema.startsWith(singleFile['prisma/schema.prisma'])).toBe(true)
    expect(modelsIn(schema)).toEqual(['User', 'Task', 'TaskRun', 'TaskWorker'])
    expect(await validate(app.path, 'prisma/schema.prisma')).toBe('valid')
    const [migration] = readdirSync(join(app.path, 'prisma/migrations'))
    expect(read(app.path, `prisma/migrations/${migration}/migration.sql`)).toContain(
      'CREATE TABLE "sisy_task"',
    )
    expect(read(app.path, 'sisy.config.ts')).toBe(
      `import { defineConfig } from '@sisy/core'\nimport { db } from './src/db.js'\n\nexport default defineConfig({ prisma: db })\n`,
    )
  })

  it('changes nothing when it is run again', async () => {
    using app = makeAppFolder(singleFile)
    await runSisy(app.path, ['init'])
    const before = filesOf(app.path)
    const { code, stdout } = await runSisy(app.path, ['init'])
    expect(code).toBe(0)
    expect(stdout).toContain('Kept sisy.config.ts\nEverything was in place already.\n')
    expect(filesOf(app.path)).toEqual(before)
  })

  it('puts a file of its own into a schema of several, and the migration where Prisma is told to', async () => {
    using app = makeAppFolder(folder)
    expect((await runSisy(app.path, ['init'])).stdout).toContain(
      'Created db/schema/sisy.prisma\nCreated db/history/',
    )
    expect(modelsIn(read(app.path, 'db/schema/sisy.prisma'))).toEqual(['Task', 'TaskRun', 'TaskWorker'])
    expect(read(app.path, 'db/schema/base.prisma')).toBe(folder['db/schema/base.prisma'])
    expect(await validate(app.path, 'db/schema')).toBe('valid')
  })

  it('reads a schema that package.json names', async () => {
    using app = makeAppFolder({
      'package.json': '{ "prisma": { "schema": "data/app.prisma" } }',
      'data/app.prisma': `${generator}\n${datasource}`,
    })
    expect((await runSisy(app.path, ['init'])).stdout).toContain(
      'Updated data/app.prisma\nCreated data/migrations/',
    )
  })

  it('takes other names where the app has models of its own, and keeps them', async () => {
    using app = makeAppFolder(withOwnTask)
    const { stdout } = await runSisy(app.path, ['init'])
    expect(stdout).toContain("models: { task: 'SisyTask', run: 'SisyTaskRun', worker: 'SisyTaskWorker' }")
    expect(modelsIn(read(app.path, 'prisma/schema.prisma'))).toEqual([
      'Task',
      'SisyTask',
      'SisyTaskRun',
      'SisyTaskWorker',
    ])
    expect(await validate(app.path, 'prisma/schema.prisma')).toBe('valid')
    expect((await runSisy(app.path, ['init'])).stdout).toContain('Everything was in place already.')
  })

  it('takes the prefix it is given', async () => {
    using app = makeAppFolder(withOwnTask)
    await runSisy(app.path, ['init', '--model-prefix', 'Background'])
    expect(modelsIn(read(app.path, 'prisma/schema.prisma'))).toContain('BackgroundTaskRun')
  })

  it('names the schema of the database where there are several', async () => {
    const several = datasource.replace('"\n}', '"\n  schemas  = ["auth", "base"]\n}')
    using app = makeAppFolder({ ...esm, 'prisma/schema.prisma': `${generator}\n${several}` })
    await runSisy(app.path, ['init'])
    expect(await validate(app.path, 'prisma/schema.prisma')).toBe('valid')
    const [migration] = readdirSync(join(app.path, 'prisma/migrations'))
    const sql = read(app.path, `prisma/migrations/${migration}/migration.sql`)
    expect(sql).toContain('ALTER TABLE "auth"."sisy_task_run" ADD CONSTRAINT')
    expect(sql).not.toMatch(/(TABLE|ON|REFERENCES) "sisy_/)
    expect((await runSisy(app.path, ['init'])).stdout).toContain('Everything was in place already.')
  })

  it('brings models of an older version up to date, and leaves their migration to Prisma', async () => {
    using app = makeAppFolder(singleFile)
    await runSisy(app.path, ['init'])
    const current = read(app.path, 'prisma/schema.prisma')
    const older = current.replace(/ {2}\/\/\/.*\n {2}problem .*\n/, '')
    expect(older).not.toBe(current)
    writeFileSync(join(app.path, 'prisma/schema.prisma'), older)
    const { stdout } = await runSisy(app.path, ['init'])
    expect(stdout).toContain('Updated prisma/schema.prisma\nKept sisy.config.ts\n')
    expect(stdout).not.toContain('Created')
    expect(read(app.path, 'prisma/schema.prisma')).toBe(current)
  })

  it('puts its migration behind the last one of the app', async () => {
    using app = makeAppFolder({
      ...singleFile,
      'prisma/migrations/29990101000059_app/migration.sql': 'SELECT 1;',
    })
    await runSisy(app.path, ['init'])
    expect(readdirSync(join(app.path, 'prisma/migrations'))).toEqual([
      '29990101000059_app',
      '29990101000060_sisy',
    ])
  })

  it.each([
    [
      'sisy.config.js',
      { 'package.json': '{ "type": "module" }', 'src/db.js': 'export default new PrismaClient()' },
      "import prisma from './src/db.js'",
    ],
    [
      'sisy.config.cjs',
      { 'package.json': '{}', 'lib/prisma.js': 'module.exports = { prisma: new PrismaClient() }' },
      "const { prisma } = require('./lib/prisma')",
    ],
    [
      'sisy.config.ts',
      {
        'package.json': '{}',
        'tsconfig.json': '{}',
        'src/prisma/index.ts': 'const db = new PrismaClient()\nexport { db }',
      },
      "import { db } from './src/prisma'",
    ],
    ['sisy.config.js', { 'package.json': '{ "type": "module" }' }, '// No module of this app was found'],
  ])('writes %s in the language of the app', async (name, files, line) => {
    const javascript = generator.replace('prisma-client', 'prisma-client-js')
    using app = makeAppFolder({ ...files, 'prisma/schema.prisma': `${javascript}\n${datasource}` })
    const { code, stdout } = await runSisy(app.path, ['init'])
    expect(code).toBe(0)
    expect(stdout).toContain(name.endsWith('.cjs') ? 'exports.prisma = base' : 'export const prisma = base')
    expect(read(app.path, name)).toContain(line)
  })

  it.each([
    [
      'another database',
      { 'prisma/schema.prisma': `${generator}\n${datasource.replace('postgresql', 'mysql')}` },
      [],
      'has the provider "mysql". This version of Sisy works on PostgreSQL only.',
    ],
    ['no generator', { 'prisma/schema.prisma': datasource }, [], 'has no generator for a client.'],
    ['no schema', {}, [], 'There is no Prisma schema with a datasource at'],
    [
      'no schema where it is told to look',
      singleFile,
      ['--schema', 'x.prisma'],
      '/x.prisma. Run this in the folder of your app, or name the schema with --schema.',
    ],
    [
      'a prefix that is no name',
      singleFile,
      ['--model-prefix', '9'],
      'The model prefix is "9"; accepted are letters, digits and _',
    ],
    [
      'a prefix that leads to taken names',
      { 'prisma/schema.prisma': `${singleFile['prisma/schema.prisma']}enum MyTask {\n  A\n}\n` },
      ['--model-prefix', 'My'],
      'two of MyTask. Choose another with --model-prefix.',
    ],
  ])('refuses %s, and writes nothing', async (_, files: Record<string, string>, args, message) => {
    using app = makeAppFolder({ ...esm, ...files })
    const before = filesOf(app.path)
    const { code, stderr } = await runSisy(app.path, ['init', ...args])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^sisy: .*\n$/)
    expect(stderr).toContain(message)
    expect(filesOf(app.path)).toEqual(before)
  })

  it('says why prisma.config.ts did not help', async () => {
    using app = makeAppFolder({ ...esm, 'prisma.config.ts': `throw new Error('DATABASE_URL is not set')` })
    expect((await runSisy(app.path, ['init'])).stderr).toContain(
      'could not be loaded: DATABASE_URL is not set',
    )
    expect(existsSync(join(app.path, 'sisy.config.ts'))).toBe(false)
  })

  it('tells what it took for granted when prisma.config.ts did not help, and a schema was found all the same', async () => {
    using app = makeAppFolder({
      ...singleFile,
      'prisma.config.ts': `throw new Error('DATABASE_URL is not set')`,
    })
    expect((await runSisy(app.path, ['init'])).stdout).toMatch(
      /^! Schema and migrations were taken to be where they usually are, since .*: DATABASE_URL is not set$/m,
    )
  })
})

describe('sisy', () => {
  it('tells its version and its use', async () => {
    expect(await runSisy('.', ['--version'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    })
    expect(await runSisy('.', ['--help'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('doctor'),
    })
    expect(await runSisy('.', ['docter'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Did you mean doctor?'),
    })
  })
})
