import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import pg from 'pg'
import { memoryFolder } from '../postgres-server/memory-folder.js'
import { startPostgres } from '../postgres-server/start-postgres.js'
import { withDatabase } from './database-url.js'
import { queryServer } from './query-server.js'

/** The server that one run of the tests uses, with its template database. */
export interface TestServer {
  /** What `createScratchDatabase` looks for in the environment of the test processes. */
  readonly env: {
    readonly SISY_TEST_SERVER_URL: string
    readonly SISY_TEST_DATABASE_PREFIX: string
    readonly SISY_TEST_DATABASE_OPTIONS: string
  }
  /** Drops the databases of this run, leaked ones too, and ends the server if it was started for this run. */
  close(): Promise<void>
}

export interface TestServerOptions {
  /** Connection string of a server to use; its role needs CREATEDB. Default: a throw-away server is started. */
  readonly url?: string | undefined
}

const TEMPLATE_SCHEMA = new URL('../../../../prisma/test/schema.sql', import.meta.url)
const PREFIX = 'sisy_test_'
/**
 * A disk's file system takes a quarter of the tests' time to find places for the files of so many databases. What they
 * need at most, bytes; else they are put on the disk.
 */
const ROOM = 4 * 1024 ** 3
/**
 * How databases are copied on a server of ours: file by file takes a third of the time that the default, through the
 * log, takes. On a server that keeps its data safe it would take longer, and before PostgreSQL 15 there is no choice.
 */
const OWN_SERVER_OPTIONS = 'STRATEGY FILE_COPY'

/**
 * Prepares a server for one run of the tests. Runs of several people on one server don't disturb each other: each has
 * names of its own, and a run that was killed leaves databases that the next one drops.
 */
export async function openTestServer({ url }: TestServerOptions = {}): Promise<TestServer> {
  const server =
    url === undefined
      ? await startPostgres({ dataFolder: memoryFolder(ROOM) })
      : { url: new URL(url).href, stop: () => Promise.resolve() }
  const prefix = `${PREFIX}${randomBytes(4).toString('hex')}`
  // Held for the whole run: its name tells the other runs that the databases of this prefix are in use.
  const presence = new pg.Client({ connectionString: withoutSchema(server.url), application_name: prefix })
  try {
    await presence.connect()
    await dropDatabases(presence, await findAbandoned(presence))
    await createTemplate(server.url, presence, `${prefix}_template`)
  } catch (error) {
    await presence.end()
    await server.stop()
    throw error
  }
  const close = async () => {
    await dropDatabases(presence, await findDatabases(presence, prefix))
    await presence.end()
    await server.stop()
  }
  return {
    env: {
      SISY_TEST_SERVER_URL: withoutSchema(server.url),
      SISY_TEST_DATABASE_PREFIX: prefix,
      SISY_TEST_DATABASE_OPTIONS: url === undefined ? OWN_SERVER_OPTIONS : '',
    },
    close,
  }
}

const withoutSchema = (url: string): string => withDatabase(url, new URL(url).pathname.slice(1))

async function createTemplate(url: string, client: pg.Client, name: string): Promise<void> {
  await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)} TEMPLATE template0`)
  await queryServer(withDatabase(url, name), await readFile(TEMPLATE_SCHEMA, 'utf8'))
}

async function findDatabases(client: pg.Client, prefix: string): Promise<string[]> {
  const { rows } = await client.query<{ datname: string }>(
    'SELECT datname FROM pg_database WHERE starts_with(datname, $1)',
    [prefix],
  )
  return rows.map(({ datname }) => datname)
}

/** Databases of runs that have no session any more, as far as this role may drop them. */
async function findAbandoned(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ datname: string }>(
    `SELECT datname FROM pg_database d
     WHERE starts_with(datname, $1) AND pg_has_role(datdba, 'USAGE')
       AND NOT EXISTS (SELECT FROM pg_stat_activity WHERE starts_with(d.datname, application_name) AND application_name LIKE $1 || '%')`,
    [PREFIX],
  )
  return rows.map(({ datname }) => datname)
}

async function dropDatabases(client: pg.Client, names: readonly string[]): Promise<void> {
  for (const name of names)
    await client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`)
}
