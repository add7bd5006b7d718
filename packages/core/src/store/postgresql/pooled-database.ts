import pg from 'pg'
import type { Clock } from '../../clock/clock.js'
import { DatabaseError } from '../../errors/errors.js'
import type { Database } from '../database.js'
import { within } from '../within.js'
import type { ConnectionPool, Loan } from './connection-pool.js'
import type { Planning } from './session-planning.js'
import { isNameRefused, statementNames } from './statement-names.js'

export interface PooledOptions {
  /** How the pool's sessions were told to plan. */
  readonly planning: Planning
  readonly clock: Clock
  /** How long a statement may take, the wait for a connection included, milliseconds. */
  readonly deadlineMs: number
  /** How long that wait may take, milliseconds. */
  readonly connectMs: number
}

/**
 * Sends statements over connections of a pool, each within its time. What could not be sent in time is never sent; of
 * what was sent and not answered the outcome is unknown, and its connection is destroyed. Statements are named where
 * that is safe; one that is refused for its name is sent again without.
 */
export function pooledDatabase(
  pool: ConnectionPool,
  { planning, clock, deadlineMs, connectMs }: PooledOptions,
): Database {
  const names = statementNames(planning)

  async function connect(): Promise<Loan> {
    const connecting = pool.connect()
    try {
      return await within(connecting, {
        clock,
        ms: connectMs,
        missed: 'No connection to the database came about',
      })
    } catch (error) {
      // One that comes too late serves the next statement.
      connecting.then(({ client }) => client.release(), ignore)
      throw error
    }
  }

  async function send(text: string, values: readonly unknown[]): Promise<pg.QueryResult> {
    const askedAt = clock.monotonic()
    const { client, renewPool } = await connect()
    let name: string | undefined
    async function sendNamed(): Promise<pg.QueryResult> {
      name = await names.of(client, text, values)
      return client.query({ ...(name !== undefined && { name }), text, values: [...values] })
    }
    // What befalls the connection is told by the statement under way.
    client.on('error', ignore)
    try {
      const reply = await within(sendNamed(), {
        clock,
        ms: deadlineMs,
        spentMs: clock.monotonic() - askedAt,
        missed: 'The database did not answer',
      })
      client.release()
      return reply
    } catch (error) {
      client.release(!isAnswer(error))
      if (name !== undefined && isNameRefused(error)) {
        names.stop()
        return await send(text, values)
      }
      if (error instanceof DatabaseError) renewPool()
      throw error
    } finally {
      client.off('error', ignore)
    }
  }

  return {
    // The shape of the rows is what the statement selects.
    query: async <Row>(sql: string, values: readonly unknown[]) => (await send(sql, values)).rows as Row[],
    execute: async (sql, values) => (await send(sql, values)).rowCount ?? 0,
  }
}

/** Whether the database refused a statement over a connection that serves on. */
function isAnswer(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.severity === 'ERROR'
}

const ignore = (): void => undefined
