import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { withDatabase } from './database-url.js'
import { queryServer } from './query-server.js'

/** A database of one test file's own. */
export interface ScratchDatabase {
  /** Its connection string. */
  readonly url: string
  /**
   * Drops it. Close everything that uses it first: connections get the server's few seconds to go.
   *
   * @throws Error naming the sessions that were still open; the database is dropped all the same.
   */
  drop(): Promise<void>
}

export interface ScratchDatabaseOptions {
  /** What it holds: the tables of the test schema (`app`), or nothing (`none`). Default `app`. */
  readonly schema?: 'app' | 'none'
}

const OBJECT_IN_USE = '55006'

/**
 * Makes a database for one test file on the server of this run of the tests.
 *
 * @throws Error when the tests were not started through the repository's jest configuration.
 */
export async function createScratchDatabase({
  schema = 'app',
}: ScratchDatabaseOptions = {}): Promise<ScratchDatabase> {
  const server = fromEnvironment('SISY_TEST_SERVER_URL')
  const prefix = fromEnvironment('SISY_TEST_DATABASE_PREFIX')
  const name = `${prefix}_${randomBytes(4).toString('hex')}`
  const template = schema === 'app' ? `${prefix}_template` : 'template0'
  const options = process.env['SISY_TEST_DATABASE_OPTIONS'] ?? ''
  await queryServer(
    server,
    `CREATE DATABASE ${pg.escapeIdentifier(name)} TEMPLATE ${pg.escapeIdentifier(template)} ${options}`,
  )
  return { url: withDatabase(server, name), drop: () => drop(server, name) }
}

function fromEnvironment(name: string): string {
  const value = process.env[name]
  if (!value)
    throw new Error(
      `${name} is not set: run the tests by \`pnpm test [path]\`, which starts their database server.`,
    )
  return value
}

async function drop(server: string, name: string): Promise<void> {
  try {
    await queryServer(server, `DROP DATABASE ${pg.escapeIdentifier(name)}`)
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== OBJECT_IN_USE) throw error
    const sql = 'SELECT application_name, state, query FROM pg_stat_activity WHERE datname = $1'
    const sessions = await queryServer(server, sql, [name])
    await queryServer(server, `DROP DATABASE ${pg.escapeIdentifier(name)} WITH (FORCE)`)
    const list = sessions.map((session) => JSON.stringify(session)).join('\n')
    throw new Error(
      `${sessions.length} sessions were still open on a scratch database: close what opened them first.\n${list}`,
    )
  }
}
