import { createHash } from 'node:crypto'
import type pg from 'pg'
import { sqlState } from '../../errors/database-evidence.js'
import type { Planning } from './session-planning.js'

/** Which statements are sent under a name, so that the server parses each once per connection. */
export interface StatementNames {
  /** The name to send a statement under; undefined sends it without one. */
  of(client: pg.PoolClient, text: string, values: readonly unknown[]): Promise<string | undefined>
  /** No statement is named from now on. */
  stop(): void
}

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
 * Statements are named over sessions that plan as they were told to; the app's own options, or a pooler, may keep them
 * from it. A name is made of the statement's text: behind a pooler it means the same in every session. There are as many
 * as there are texts, which do not depend on values.
 */
export function statementNames({ settings, mayName }: Planning): StatementNames {
  const names = new Map<string, string>()
  const sessions = new WeakMap<pg.PoolClient, boolean>()
  let isNaming = true

  async function plansAsTold(client: pg.PoolClient): Promise<boolean> {
    const known = sessions.get(client)
    if (known !== undefined) return known
    const { rows } = await client.query<{ told: boolean }>(
      `SELECT bool_and(current_setting(name, true) IS NOT DISTINCT FROM value) AS told
       FROM unnest($1::text[], $2::text[]) AS wanted(name, value)`,
      [Object.keys(settings), Object.values(settings)],
    )
    const told = rows[0]?.told === true
    sessions.set(client, told)
    return told
  }

  function nameOf(text: string): string {
    const name = names.get(text) ?? `sisy_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`
    names.set(text, name)
    return name
  }

  return {
    of: async (client, text, values) =>
      isNaming && mayName(values) && (await plansAsTold(client)) ? nameOf(text) : undefined,
    stop: () => {
      isNaming = false
    },
  }
}
