import process from 'node:process'
import pg from 'pg'
import { createScratchDatabase, openTestServer } from '../../packages/test-kit/dist/index.js'
import { openApp, prismaClientPath } from '../endurance/open-app.js'

/** The soak's app in a folder of its own, on a scratch database of a server that lives as long as the soak. */
export interface Stage extends AsyncDisposable {
  readonly path: string
  /** What its programs need besides the environment of this process. */
  readonly env: Readonly<Record<string, string>>
  /** The soak's own connection to the database. */
  readonly database: pg.Client
}

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
  const app = openApp(new URL('app/', import.meta.url))
  return {
    path: app.path,
    env: { DATABASE_URL: scratch.url, SOAK_PRISMA_CLIENT: prismaClientPath },
    database,
    async [Symbol.asyncDispose]() {
      app[Symbol.dispose]()
      await database.end()
      await scratch.drop()
      await server.close()
    },
  }
}
