import { describe, expect, test } from '@jest/globals'
import { makeAppFolder, startNode } from '@sisy/test-kit'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const compiler = createRequire(import.meta.url).resolve('typescript/lib/tsc.js')
const generated = (path: string) =>
  JSON.stringify(fileURLToPath(new URL(`../../../test-kit/generated/${path}`, import.meta.url)))

const tsconfig = JSON.stringify({
  compilerOptions: {
    target: 'ES2023',
    module: 'NodeNext',
    strict: true,
    skipLibCheck: true,
    types: [],
    allowImportingTsExtensions: true,
    declaration: true,
    emitDeclarationOnly: true,
    outDir: 'out',
    rootDir: '/',
  },
  files: ['db.ts'],
})

const db = (client: string) => `
  import { PrismaPg } from '@prisma/adapter-pg'
  import { sisy, type TaskContext } from '@sisy/core'
  import { PrismaClient } from ${client}
  export async function daily({ task }: TaskContext<{ year: number }>) { return task.userdata.year }
  export class Billing { static async invoiceAll(_context: TaskContext) {} }
  const base = new PrismaClient({ adapter: new PrismaPg({}) })
  export const prisma = base.$extends(sisy(base, {
    callables: () => ({ daily, Billing }),
    methods: { subscription: { async renew({ task }: TaskContext<{ months: number }>) { return this.id + task.userdata.months } } },
  }))
  export const extension = sisy(base, { callables: () => ({ daily }) })
  export const row = () => prisma.subscription.findFirstOrThrow()
  export const tasks = { schedule: prisma.task.schedule, runOnce: prisma.task.runOnce, result: prisma.task.result }
  export const enqueue = () => prisma.task.runOnce(daily, { userdata: { year: 1 } })`

describe('a module that exports its client can be declared', () => {
  test.each([
    ['module', generated('prisma-client/client.ts')],
    ['commonjs', generated('prisma-client-js/index.js')],
  ])(
    'in a package of type %s',
    async (type, client) => {
      using app = makeAppFolder({
        'package.json': JSON.stringify({ type }),
        'tsconfig.json': tsconfig,
        'db.ts': db(client),
      })
      expect(await startNode([compiler, '-p', '.'], { cwd: app.path }).ended).toMatchObject({
        stdout: '',
        code: 0,
      })
      const declared = readFileSync(join(app.path, 'out', app.path, 'db.d.ts'), 'utf8')
      expect(declared).toContain('import("@sisy/core").Registered<')
      expect(declared).not.toContain('/dist/')
    },
    120_000,
  )
})
