import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { createScratchDatabase, makeAppFolder, openTestServer } from '../../packages/test-kit/dist/index.js'

/** The soak's app in a folder of its own, on a scratch database of a server that lives as long as the soak. */
export interface Stage extends AsyncDisposable {
  readonly path: string
  /** What its programs need besides the environment of this process. */
  readonly env: Readonly<Record<string, string>>
  /** The soak's own connection to the database. */
  readonly database: pg.Client
}

const appFolder = new URL('app/', import.meta.url)
const client = fileURLToPath(
  new URL('../../packages/test-kit/generated/prisma-client-js/index.js', import.meta.url),
)
/** Where callables write down that they begin. */
const beginTable =
  'CREATE TABLE soak_begin (run uuid NOT NULL, attempt int NOT NULL, pid int NOT NULL, at timestamptz NOT NULL DEFAULT now())'

export async function openStage(): Promise<Stage> {
  const server = await openTestServer({ url: process.env['DATABASE_URL'] })
  Object.assign(process.env, server.env)
  const scratch = await createScratchDatabase()
  const database = new pg.Client({ connectionString: scratch.url })
  await database.connect()
  await database.query(beginTable)
  const app = makeAppFolder({ ...filesOf(appFolder), 'package.json': '{ "type": "module" }' })
  return {
    path: app.path,
    env: { DATABASE_URL: scratch.url, SOAK_PRISMA_CLIENT: client },
    database,
    async [Symbol.asyncDispose]() {
      app[Symbol.dispose]()
      await database.end()
      await scratch.drop()
      await server.close()
    },
  }
}

function filesOf(folder: URL): Record<string, string> {
  const names = readdirSync(folder)
  return Object.fromEntries(
    names.map((name) => [name, readFileSync(path.join(fileURLToPath(folder), name), 'utf8')]),
  )
}
