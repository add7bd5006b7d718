import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createScratchDatabase, makeAppFolder, startNode, type ScratchDatabase } from '@sisy/test-kit'
import { fileURLToPath } from 'node:url'

const generated = fileURLToPath(
  new URL('../../../test-kit/generated/prisma-client-js/index.js', import.meta.url),
)

// The modules of client and callables import each other, as they do in any app whose tasks use the database.
const esm = {
  'db.mjs': `
    import { PrismaPg } from '@prisma/adapter-pg'
    import prismaClient from ${JSON.stringify(generated)}
    import { sisy } from '@sisy/core'
    import { Billing, daily, renew } from './tasks.mjs'
    export const base = new prismaClient.PrismaClient({ adapter: new PrismaPg({ connectionString: process.env.URL }) })
    export const prisma = base.$extends(sisy(base, {
      callables: () => ({ daily, Billing }),
      methods: { subscription: { renew(context) { return renew.call(this, context) } } },
    }))`,
  'tasks.mjs': `
    import { prisma } from './db.mjs'
    export const daily = async () => prisma.subscription.count()
    export class Billing { static async invoiceAll() { return prisma.subscription.count() } }
    export const renew = async function () { return this.id }`,
  'use.mjs': `
    export async function use({ base, prisma }, { Billing, daily }) {
      const sub = await prisma.subscription.create({ data: {} })
      const tasks = [
        await prisma.task.schedule(daily),
        await prisma.task.schedule(Billing.invoiceAll),
        await prisma.task.schedule('Billing.invoiceAll'),
        await prisma.task.schedule(sub.renew),
      ]
      console.log(JSON.stringify([...tasks.map((task) => task.callable), (await sub.renew()) === sub.id]))
      await base.$disconnect()
    }`,
}
const cjs = {
  'db.cjs': `
    const { PrismaPg } = require('@prisma/adapter-pg')
    const { PrismaClient } = require(${JSON.stringify(generated)})
    const { sisy } = require('@sisy/core')
    const tasks = require('./tasks.cjs')
    exports.base = new PrismaClient({ adapter: new PrismaPg({ connectionString: process.env.URL }) })
    exports.prisma = exports.base.$extends(sisy(exports.base, {
      callables: () => ({ daily: tasks.daily, Billing: tasks.Billing }),
      methods: { subscription: { renew(context) { return tasks.renew.call(this, context) } } },
    }))`,
  'tasks.cjs': `
    const db = require('./db.cjs')
    exports.daily = async () => db.prisma.subscription.count()
    exports.Billing = class Billing { static async invoiceAll() { return db.prisma.subscription.count() } }
    exports.renew = async function () { return this.id }`,
  'use.mjs': esm['use.mjs'],
}

const apps: [what: string, files: Record<string, string>, script: string][] = [
  ['ESM, client first', esm, `const db = await import('./db.mjs'), tasks = await import('./tasks.mjs')`],
  ['ESM, callables first', esm, `const tasks = await import('./tasks.mjs'), db = await import('./db.mjs')`],
  [
    'CommonJS, client first',
    cjs,
    `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)
     const db = require('./db.cjs'), tasks = require('./tasks.cjs')`,
  ],
  [
    'CommonJS, callables first',
    cjs,
    `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)
     const tasks = require('./tasks.cjs'), db = require('./db.cjs')`,
  ],
]

let database: ScratchDatabase
beforeAll(async () => {
  database = await createScratchDatabase()
})
afterAll(() => database.drop())

describe('the modules of client and callables may import each other', () => {
  test.each(apps)('%s', async (_what, files, script) => {
    using app = makeAppFolder({
      ...files,
      'main.mjs': `${script}\nconst { use } = await import('./use.mjs')\nawait use(db, tasks)`,
    })
    const { ended: end } = startNode(['main.mjs'], { cwd: app.path, env: { URL: database.url } })
    const ended = await end
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(ended.stdout)).toEqual([
      'daily',
      'Billing.invoiceAll',
      'Billing.invoiceAll',
      'subscription.renew',
      true,
    ])
  })
})
