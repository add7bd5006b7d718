import { DatabaseError } from '../errors/errors.js'
import type { Channels } from './channels.js'
import { databaseOf, type RawClient } from './database.js'
import { postgresqlStore } from './postgresql/postgresql-store.js'
import type { Store } from './store.js'

export interface OpenStoreOptions {
  /** The base client, or the `tx` of an interactive transaction. */
  readonly client: RawClient
  /** Prisma's name of the database: `postgresql`. */
  readonly provider: string
  /** The adapter's `schema` option, if any. */
  readonly schema?: string | undefined
  readonly channels: Channels
}

/**
 * The store of the client's database. Cheap: it opens nothing.
 *
 * @throws DatabaseError for a database Sisy has no store for.
 */
export function openStore({ client, provider, schema, channels }: OpenStoreOptions): Store {
  switch (provider) {
    case 'postgresql':
      return postgresqlStore(databaseOf(client), channels, schema)
    default:
      throw new DatabaseError(`Sisy works on PostgreSQL; this client's provider is "${provider}".`, {
        database: provider,
      })
  }
}
