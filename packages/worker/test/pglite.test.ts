import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { makeAppFolder, startNode, type AppFolder, type NodeProcess } from '@sisy/test-kit'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const heartbeatBin = at('../../heartbeat/dist/bin.js')
const workerBin = at('../dist/bin.js')
const generatedClient = new URL('../../test-kit/generated/prisma-client/client.ts', import.meta.url).href

// PGlite's socket has one session for all, so the app may hold one connection only.
const config = `
  import { PrismaPg } from '@prisma/adapter-pg'
  import { defineConfig, sisy } from '@sisy/core'
  import { PrismaClient } from '${generatedClient}'
  const base = new PrismaClient({ adapter: new PrismaPg({ connectionString: process.env.DATABASE_URL, max: 1 }) })
  const prisma = base.$extends(sisy(base, { callables: () => ({ hello: () => 'hello' }) }))
  export default defineConfig({ prisma, listen: false })`

let server: NodeProcess
let url: string
let app: AppFolder
// PGlite compiles itself, which takes its time on a busy machine.
beforeAll(async () => {
  server = startNode([at('./pglite-server.mjs')])
  const [line] = (await once(createInterface({ input: server.child.stdout! }), 'line')) as [string]
  url = line
  app = makeAppFolder({ 'package.json': '{ "type": "module" }', 'sisy.config.ts': config })
}, 120_000)
afterAll(async () => {
  app[Symbol.dispose]()
  server.child.kill('SIGKILL')
  await server.ended
})

const start = (bin: string, ...args: string[]) =>
  startNode([bin, ...args], { cwd: app.path, env: { DATABASE_URL: url } })

it('refuses a heartbeat of its own with one line', async () => {
  const { code, stderr } = await start(heartbeatBin).ended
  expect(code).toBe(1)
  expect(stderr).toBe(
    'sisy-heartbeat: This database is PGlite, which serves one process, and a heartbeat of its own needs a second one. ' +
      'Run a single `npx sisy-worker --heartbeat`, or use a PostgreSQL server.\n',
  )
})

it('lets one worker run, refuses the second, and lets the next run when the first has ended', async () => {
  const first = start(workerBin, '--heartbeat')
  await first.line('runs up to')
  const second = await start(workerBin, '--heartbeat').ended
  expect(second).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /^sisy-worker: This database is PGlite.* already runs\. Run a single .*\n$/,
    ),
  })
  first.child.kill('SIGTERM')
  expect(await first.ended).toMatchObject({ code: 0 })
  expect(await start(workerBin, '--heartbeat', '--once').ended).toMatchObject({ code: 0, stderr: '' })
}, 120_000)
