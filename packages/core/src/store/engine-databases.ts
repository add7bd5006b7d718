import type { Clock } from '../clock/clock.js'
import { adapterPool } from './adapter-connection.js'
import { databaseOf } from './client-database.js'
import type { Database, Databases, RawClient } from './database.js'
import { appPool, openOwnPool, type ConnectionPool } from './postgresql/connection-pool.js'
import { pooledDatabase } from './postgresql/pooled-database.js'
import { planEachTime, planOnce, type Planning } from './postgresql/session-planning.js'
import { retryingDatabase } from './retrying-database.js'
import { within } from './within.js'

export interface EngineDatabaseOptions {
  /** The app's base client. */
  readonly client: RawClient
  /** Name of the sessions, unless the app names them: `sisy-worker`. */
  readonly name: string
  /** How many connections at most. */
  readonly connections: Connections
  /** How long a statement may take, the wait for a connection included, milliseconds. */
  readonly deadlineMs: number
  readonly clock: Clock
  /** Between 0 and 1; spreads statements that were in each other's way. */
  readonly random: () => number
}

/** How many connections of its own an engine has at most. */
export interface Connections {
  /** None: what they are for goes over the others. */
  readonly claiming: 0 | 1
  readonly others: number
}

/** Where an engine sends its statements. */
export interface EngineDatabases extends Databases {
  /** Ends connections of our own, within a second even when nobody answers. */
  close(): Promise<void>
}

/** How long a connection may take to come about, milliseconds. */
const longestConnectMs = 5_000

/**
 * An engine's own way to the database, where no statement waits for ever, neither for an answer nor for a connection
 * that user code holds: small pools made like the adapter's, or the pool the app gave its adapter. Where there is
 * neither, statements go through the client, and one that is out of time may yet be sent.
 */
export function openEngineDatabases(options: EngineDatabaseOptions): EngineDatabases {
  const { client, connections, deadlineMs, clock, random } = options
  const connectMs = Math.min(longestConnectMs, deadlineMs)
  const sendOver = (pool: ConnectionPool, planning: Planning): Database =>
    retryingDatabase(pooledDatabase(pool, { planning, clock, deadlineMs, connectMs }), { clock, random })

  const adapter = adapterPool(client)
  if (adapter === undefined) {
    const database = deadlined(databaseOf(client), clock, deadlineMs)
    return { claiming: database, others: database, close: () => Promise.resolve() }
  }
  if ('pool' in adapter) {
    const pool = appPool(adapter.pool)
    const database = sendOver(pool, planEachTime)
    return { claiming: database, others: database, close: () => pool.close() }
  }
  const { connection } = adapter
  const pools: ConnectionPool[] = []
  function overOwn(count: number, planning: Planning): Database {
    const pool = openOwnPool({ ...options, connection, connections: count, connectMs, planning })
    pools.push(pool)
    return sendOver(pool, planning)
  }
  const others = overOwn(connections.others, planEachTime)
  return {
    claiming: connections.claiming === 0 ? others : overOwn(connections.claiming, planOnce),
    others,
    close: async () => {
      await Promise.all(pools.map((pool) => pool.close()))
    },
  }
}

function deadlined(db: Database, clock: Clock, ms: number): Database {
  const deadline = { clock, ms, missed: 'The database did not answer' }
  return {
    query: <Row>(sql: string, values: readonly unknown[]) => within(db.query<Row>(sql, values), deadline),
    execute: (sql, values) => within(db.execute(sql, values), deadline),
  }
}
