import { createHash } from 'node:crypto'
import type pg from 'pg'
import { sqlState } from '../../errors/database-evidence.js'

/** Which statements are sent under a name, so that the server parses each once per connection. */
export interface StatementNames {
  /** The name to send a statement under; undefined sends it without one. */
  of(client: pg.PoolClient, text: string, values: readonly unknown[]): Promise<string | undefined>
  /** No statement is named from now on. */
  stop(): void
}

/** A session's setting under which a named statement is planned anew for each set of values. */
export const planEachTime = { name: 'plan_cache_mode', value: 'force_custom_plan' } as const

/** SQLSTATEs of a name that the session does not know, or knows already, and of a result that a migration changed. */
const refusals: readonly (string | undefined)[] = ['26000', '42P05', '0A000']

/**
 * Whether a named statement was refused for its name, so that nothing came of it: a pooler without care for names mixes
 * sessions up.
 */
export function isNameRefused(thrown: unknown): boolean {
  return refusals.includes(sqlState(thrown))
}

/**
 * Statements are named over sessions that plan each time: else PostgreSQL goes over to one plan for all values, and one
 * made while a table was small, as all are at first, reads it whole for as long as nobody analyzes it. A statement
 * without values gets such a plan in any session, so it is never named. A name is made of the statement's text: behind
 * a pooler it means the same in every session. There are as many as there are texts, which do not depend on values.
 */
export function statementNames(): StatementNames {
  const names = new Map<string, string>()
  const sessions = new WeakMap<pg.PoolClient, boolean>()
  let isNaming = true

  async function plansEachTime(client: pg.PoolClient): Promise<boolean> {
    const known = sessions.get(client)
    if (known !== undefined) return known
    const { rows } = await client.query<{ value: string | null }>(
      'SELECT current_setting($1, true) AS value',
      [planEachTime.name],
    )
    const does = rows[0]?.value === planEachTime.value
    sessions.set(client, does)
    return does
  }

  function nameOf(text: string): string {
    const name = names.get(text) ?? `sisy_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`
    names.set(text, name)
    return name
  }

  return {
    of: async (client, text, values) =>
      isNaming && values.length > 0 && (await plansEachTime(client)) ? nameOf(text) : undefined,
    stop: () => {
      isNaming = false
    },
  }
}
