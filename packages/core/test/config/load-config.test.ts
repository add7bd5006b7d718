import { describe, expect, it } from '@jest/globals'
import { makeAppFolder, startNode, type EndedProcess } from '@sisy/test-kit'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadDefaultExport } from '../../src/config/load-module.js'
import { builtModule } from '../built-module.js'

const client = `{ $sisy: {}, $disconnect: async () => {} }`
const tsconfig = JSON.stringify({ compilerOptions: { module: 'nodenext', target: 'es2022', types: [] } })

const esmTypeScript = {
  'package.json': '{ "type": "module" }',
  'tsconfig.json': tsconfig,
  'src/db.ts': `export enum Kind { A }\nexport const prisma: object = ${client}`,
  'sisy.config.ts': `import { prisma } from './src/db.js'\nexport default { prisma, worker: { concurrency: 3 as number } }`,
}
const cjsTypeScript = {
  'package.json': '{}',
  'tsconfig.json': tsconfig,
  'src/db.ts': `export enum Kind { A }\nexport const prisma: object = ${client}`,
  'sisy.config.ts': `import { prisma } from './src/db'\nexport default { prisma, worker: { concurrency: 3 as number } }`,
}
const esmJavaScript = {
  'package.json': '{ "type": "module" }',
  'sisy.config.js': `export default { prisma: ${client}, worker: { concurrency: 3 } }`,
}
const cjsJavaScript = {
  'package.json': '{}',
  'sisy.config.cjs': `module.exports = { prisma: ${client}, worker: { concurrency: 3 } }`,
}
const compiledJavaScript = {
  'package.json': '{}',
  'sisy.config.js': `exports.__esModule = true\nexports.default = { prisma: ${client}, worker: { concurrency: 3 } }`,
}

interface Given {
  readonly options?: { readonly path?: string; readonly loader?: string; readonly flags?: readonly object[] }
  readonly env?: NodeJS.ProcessEnv
}

/** Loads the configuration of an app in a process of its own, since a loader stays in the process it was put in. */
async function load(
  files: Readonly<Record<string, string>>,
  { options, env = {} }: Given = {},
): Promise<EndedProcess> {
  using app = makeAppFolder(files)
  const script = `
    import { loadConfig } from '${builtModule('config/load-config.js')}'
    import { runProgram } from '${builtModule('process/run-program.js')}'
    await runProgram({
      name: 'probe',
      logLevel: () => 'info',
      main: async () => {
        const config = await loadConfig({ cwd: process.cwd(), env: process.env, ...${JSON.stringify(options ?? {})} })
        const { close } = await config.openClient({ role: 'supervisor', concurrency: 1 })
        await close()
        console.log(JSON.stringify({ worker: config.settings.worker, fromDotenv: process.env.FROM_DOTENV }))
      },
    })`
  const ended = await startNode(['--input-type=module', '--eval', script], { cwd: app.path, env }).ended
  return { ...ended, stderr: ended.stderr.replaceAll(app.path, '<app>') }
}

describe('loadConfig', () => {
  it.each([
    ['TypeScript in an ESM app', esmTypeScript, {}],
    ['TypeScript in a CommonJS app', cjsTypeScript, {}],
    ['TypeScript in an ESM app, by ts-node', esmTypeScript, { loader: 'ts-node' }],
    ['TypeScript in a CommonJS app, by ts-node', cjsTypeScript, { loader: 'ts-node' }],
    ['JavaScript in an ESM app', esmJavaScript, {}],
    ['JavaScript in a CommonJS app', cjsJavaScript, {}],
    ['JavaScript compiled to CommonJS', compiledJavaScript, {}],
  ])('reads %s', async (_, files, options) => {
    const { code, stdout, stderr } = await load(files, { options })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject({ worker: { concurrency: 3 } })
  })

  it('asks for ts-node when the app has none', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sisy-bare-'))
    const loading = loadDefaultExport(join(folder, 'sisy.config.ts'), 'ts-node')
    await expect(loading).rejects.toThrow('Run npm install --save-dev ts-node.')
    await rm(folder, { recursive: true })
  })

  it('takes the file it is told to', async () => {
    const { stdout } = await load(
      {
        'package.json': '{}',
        'ops/other.mjs': `export default { prisma: ${client}, worker: { concurrency: 8 } }`,
      },
      { options: { path: 'ops/other.mjs' } },
    )
    expect(JSON.parse(stdout)).toMatchObject({ worker: { concurrency: 8 } })
  })

  it('lets a flag win over the environment, that over .env, and that over the file', async () => {
    const files = { ...esmJavaScript, '.env': 'SISY_CONCURRENCY=4\nFROM_DOTENV=yes' }
    const concurrency = async (given: Given) => JSON.parse((await load(files, given)).stdout) as unknown
    const flags = [{ setting: 'worker.concurrency', text: '6', source: '--concurrency' }]
    expect(await concurrency({})).toMatchObject({ worker: { concurrency: 4 }, fromDotenv: 'yes' })
    expect(await concurrency({ env: { SISY_CONCURRENCY: '5', FROM_DOTENV: 'no' } })).toMatchObject({
      worker: { concurrency: 5 },
      fromDotenv: 'no',
    })
    expect(await concurrency({ env: { SISY_CONCURRENCY: '5' }, options: { flags } })).toMatchObject({
      worker: { concurrency: 6 },
    })
  })

  it.each<[string, Record<string, string>, Given, string]>([
    [
      'no configuration',
      {},
      {},
      'There is no sisy.config.ts (or .mts, .js, .mjs, .cjs) in <app>. Run npx sisy init there, or name the file with --config.',
    ],
    [
      'a path that leads nowhere',
      {},
      { options: { path: 'nope.ts' } },
      'There is no configuration at <app>/nope.ts (from --config). Correct the path, or run npx sisy init.',
    ],
    [
      'a configuration that throws',
      { ...esmJavaScript, 'sisy.config.js': `throw new Error('DATABASE_URL is\\nnot set')` },
      {},
      '<app>/sisy.config.js could not be loaded: DATABASE_URL is not set',
    ],
    [
      'no default export',
      { ...esmJavaScript, 'sisy.config.js': 'export const prisma = {}' },
      {},
      '<app>/sisy.config.js has no default export. Write: export default defineConfig({ prisma, … }).',
    ],
    [
      'no client',
      { ...esmJavaScript, 'sisy.config.js': 'export default {}' },
      {},
      'The setting prisma is missing from <app>/sisy.config.js; accepted is a Prisma client made with the plugin, ' +
        'a function that makes one, or { prisma, close }.',
    ],
    [
      'a client without the plugin',
      { ...esmJavaScript, 'sisy.config.js': 'export default { prisma: { $disconnect() {} } }' },
      {},
      'The `prisma` of <app>/sisy.config.js is a Prisma client without the plugin. ' +
        'Give the extended one: base.$extends(sisy(base, { … })).',
    ],
    [
      'a bad variable in .env',
      { ...esmJavaScript, '.env': 'SISY_CONCURRENCY=many' },
      {},
      "The setting worker.concurrency is 'many' (from SISY_CONCURRENCY in <app>/.env); " +
        'accepted is a whole number from 1 to 1000.',
    ],
  ])('tells of %s in one line', async (_, files, given, message) => {
    const { code, stderr } = await load(files, given)
    expect({ code, stderr }).toEqual({ code: 1, stderr: `probe: ${message}\n` })
  })
})
