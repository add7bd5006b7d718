import type { Clock } from '../clock/clock.js'
import { adapterPool } from './adapter-connection.js'
import { databaseOf } from './client-database.js'
import type { Database, RawClient } from './database.js'
import { appPool, openOwnPool, type ConnectionPool } from './postgresql/connection-pool.js'
import { pooledDatabase } from './postgresql/pooled-database.js'
import { retryingDatabase } from './retrying-database.js'
import { within } from './within.js'

export interface EngineDatabaseOptions {
  /** The app's base client. */
  readonly client: RawClient
  /** Name of the sessions, unless the app names them: `sisy-worker`. */
  readonly name: string
  /** How many connections at most. */
  readonly connections: number
  /** How long a statement may take, the wait for a connection included, milliseconds. */
  readonly deadlineMs: number
  readonly clock: Clock
  /** Between 0 and 1; spreads statements that were in each other's way. */
  readonly random: () => number
}

/** Where an engine sends its statements. */
export interface EngineDatabase {
  readonly database: Database
  /** Ends connections of our own, within a second even when nobody answers. */
  close(): Promise<void>
}

/** How long a connection may take to come about, milliseconds. */
const longestConnectMs = 5_000

/**
 * An engine's own way to the database, where no statement waits for ever, neither for an answer nor for a connection
 * that user code holds: a small pool made like the adapter's, or the pool the app gave its adapter. Where there is
 * neither, statements go through the client, and one that is out of time may yet be sent.
 */
export function openEngineDatabase(options: EngineDatabaseOptions): EngineDatabase {
  const { client, deadlineMs, clock, random } = options
  const connectMs = Math.min(longestConnectMs, deadlineMs)
  const pool = openPool({ ...options, connectMs })
  if (pool === undefined) {
    return { database: deadlined(databaseOf(client), clock, deadlineMs), close: () => Promise.resolve() }
  }
  const database = pooledDatabase(pool, { clock, deadlineMs, connectMs })
  return { database: retryingDatabase(database, { clock, random }), close: () => pool.close() }
}

function openPool(
  options: EngineDatabaseOptions & { readonly connectMs: number },
): ConnectionPool | undefined {
  const adapter = adapterPool(options.client)
  if (adapter === undefined) return undefined
  return 'pool' in adapter
    ? appPool(adapter.pool)
    : openOwnPool({ ...options, connection: adapter.connection })
}

function deadlined(db: Database, clock: Clock, ms: number): Database {
  const deadline = { clock, ms, missed: 'The database did not answer' }
  return {
    query: <Row>(sql: string, values: readonly unknown[]) => within(db.query<Row>(sql, values), deadline),
    execute: (sql, values) => within(db.execute(sql, values), deadline),
  }
}
