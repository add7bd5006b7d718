import { PrismaPg } from '@prisma/adapter-pg'
import {
  createScratchDatabase,
  makeAppFolder,
  startDatabaseProxy,
  startNode,
  type DatabaseProxy,
  type NodeProcess,
} from '@sisy/test-kit'
import { PrismaClient } from '@sisy/test-kit/prisma-client'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const at = (path: string) => new URL(`../../${path}`, import.meta.url)
const bins = {
  'sisy-worker': fileURLToPath(at('worker/dist/bin.js')),
  'sisy-heartbeat': fileURLToPath(at('heartbeat/dist/bin.js')),
}

/** One of the two programs. */
export type Bin = keyof typeof bins

const esmClient = at('test-kit/generated/prisma-client/client.ts').href
const cjsClient = fileURLToPath(at('test-kit/generated/prisma-client-js/index.js'))

/** An app of ES modules in TypeScript. `callables` is the text of an object. */
export function esmTypeScript(callables: string): Record<string, string> {
  return {
    'package.json': '{ "type": "module" }',
    'tsconfig.json': '{ "compilerOptions": { "module": "nodenext", "target": "es2022", "types": [] } }',
    'src/db.ts': `
      import { PrismaPg } from '@prisma/adapter-pg'
      import { sisy, type TaskContext } from '@sisy/core'
      import { PrismaClient } from '${esmClient}'
      const base = new PrismaClient({ adapter: new PrismaPg({ connectionString: process.env.DATABASE_URL as string }) })
      export const prisma = base.$extends(sisy(base, { callables: () => (${callables}) }))`,
    'sisy.config.ts': `
      import { defineConfig } from '@sisy/core'
      import { prisma } from './src/db.js'
      export default defineConfig({ prisma })`,
  }
}

/** An app of CommonJS modules in JavaScript. `callables` is the text of an object. */
export function cjsJavaScript(callables: string): Record<string, string> {
  return {
    'package.json': '{}',
    'src/db.js': `
      const { PrismaPg } = require('@prisma/adapter-pg')
      const { sisy } = require('@sisy/core')
      const { PrismaClient } = require('${cjsClient}')
      const base = new PrismaClient({ adapter: new PrismaPg({ connectionString: process.env.DATABASE_URL }) })
      module.exports = base.$extends(sisy(base, { callables: () => (${callables}) }))`,
    'sisy.config.js': `
      const { defineConfig } = require('@sisy/core')
      module.exports = defineConfig({ prisma: require('./src/db.js') })`,
  }
}

export interface BinAppOptions {
  readonly files: Readonly<Record<string, string>>
  /** What its database holds: Sisy's tables (`app`), or nothing (`none`). Default `app`. */
  readonly schema?: 'app' | 'none'
}

/** An app in a folder outside the repository, on a database of its own, whose programs are real processes. */
export async function openBinApp({ files, schema = 'app' }: BinAppOptions) {
  const database = await createScratchDatabase({ schema })
  const folder = makeAppFolder(files)
  const started: NodeProcess[] = []
  const proxies: DatabaseProxy[] = []
  const base = new PrismaClient({ adapter: new PrismaPg({ connectionString: database.url }) })
  return {
    path: folder.path,
    url: database.url,
    /** The test's own client of that database. */
    base,
    /** Writes another file. @returns its path. */
    write: (name: string, content: string): string => {
      const path = join(folder.path, name)
      writeFileSync(path, content)
      return path
    },
    start: (bin: Bin, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): NodeProcess => {
      const program = startNode([bins[bin], ...args], {
        cwd: folder.path,
        env: { DATABASE_URL: database.url, ...env },
      })
      started.push(program)
      return program
    },
    /** A network of its own to the database. */
    proxy: async (): Promise<DatabaseProxy> => {
      const proxy = await startDatabaseProxy(database.url)
      proxies.push(proxy)
      return proxy
    },
    /** Starts a program by a process that does nothing else, as a package runner does. */
    startUnder: (userAgent: string, bin: Bin): NodeProcess => {
      const program = JSON.stringify([bins[bin]])
      const script = `require('child_process').spawn(process.execPath, ${program}, { stdio: 'inherit' })`
      const runner = startNode(['--eval', script], {
        cwd: folder.path,
        env: { DATABASE_URL: database.url, npm_config_user_agent: userAgent },
      })
      started.push(runner)
      return runner
    },
    async [Symbol.asyncDispose]() {
      for (const { child } of started) child.kill('SIGKILL')
      await Promise.all(started.map(({ ended }) => ended))
      for (const proxy of proxies) proxy.close()
      folder[Symbol.dispose]()
      await base.$disconnect()
      await database.drop()
    },
  }
}
