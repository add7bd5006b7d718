import { sleep, type Clock } from '../clock/clock.js'
import type { Database } from './database.js'
import { isConflict } from './postgresql/is-conflict.js'

export interface RetryOptions {
  readonly clock: Clock
  /** Between 0 and 1; spreads those who were in each other's way. */
  readonly random: () => number
}

const mostTries = 3
/** At most, milliseconds; by chance down to none. */
const longestPauseMs = 20

/**
 * Sends a statement again that the database undid for a deadlock or a failed serialization, three times in all. For
 * statements that are transactions of their own: inside a caller's, such an error has undone the caller's work too.
 */
export function retryingDatabase(db: Database, { clock, random }: RetryOptions): Database {
  async function untilUnhindered<Reply>(send: () => Promise<Reply>): Promise<Reply> {
    for (let tries = 1; tries < mostTries; tries += 1) {
      try {
        return await send()
      } catch (error) {
        if (!isConflict(error)) throw error
        await sleep(clock, longestPauseMs * random())
      }
    }
    return send()
  }
  return {
    query: (sql, values) => untilUnhindered(() => db.query(sql, values)),
    execute: (sql, values) => untilUnhindered(() => db.execute(sql, values)),
  }
}
