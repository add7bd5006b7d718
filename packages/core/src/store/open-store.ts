import { DatabaseError } from '../errors/errors.js'
import type { Channels } from './channels.js'
import { databaseOf } from './client-database.js'
import type { Databases, RawClient } from './database.js'
import { postgresqlStore } from './postgresql/postgresql-store.js'
import type { Store } from './store.js'

export interface StoreOptions {
  /** Prisma's name of the database: `postgresql`. */
  readonly provider: string
  /** The adapter's `schema` option, if any. */
  readonly schema?: string | undefined
  readonly channels: Channels
}

export interface OpenStoreOptions extends StoreOptions {
  /** The base client, or the `tx` of an interactive transaction. */
  readonly client: RawClient
}

/**
 * The store of the client's database. Cheap: it opens nothing.
 *
 * @throws DatabaseError for a database Sisy has no store for.
 */
export function openStore({ client, ...options }: OpenStoreOptions): Store {
  const database = databaseOf(client)
  return storeOn({ claiming: database, others: database }, options)
}

/**
 * The store whose statements go this way to the database.
 *
 * @throws DatabaseError for a database Sisy has no store for.
 */
export function storeOn(databases: Databases, { provider, schema, channels }: StoreOptions): Store {
  switch (provider) {
    case 'postgresql':
      return postgresqlStore(databases, channels, schema)
    default:
      throw new DatabaseError(`Sisy works on PostgreSQL; this client's provider is "${provider}".`, {
        database: provider,
      })
  }
}
