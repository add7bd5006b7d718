import { systemClock } from '../clock/clock.js'
import type { Database, RawClient } from './database.js'
import { inTurnDatabase } from './in-turn-database.js'
import { retryingDatabase } from './retrying-database.js'

/**
 * Sends statements through a Prisma client, so that they share its pool, or its transaction. Outside a transaction
 * deadlocks and failed serializations are tried again.
 */
export function databaseOf(client: RawClient): Database {
  const database: Database = {
    query: async <Row>(sql: string, values: readonly unknown[]) =>
      client.$queryRawUnsafe<Row[]>(sql, ...values),
    execute: async (sql, values) => client.$executeRawUnsafe(sql, ...values),
  }
  return isTransaction(client)
    ? inTurnDatabase(database)
    : retryingDatabase(database, { clock: systemClock, random: Math.random })
}

/** Prisma's own type of a `tx` lacks `$connect`, among others. */
export function isTransaction(client: object): boolean {
  return Reflect.get(client, '$connect') === undefined
}
