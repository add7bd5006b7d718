import type { DatabaseClock } from '../clock/database-clock.js'
import type { Store } from '../store/store.js'
import { describeDatabaseError } from './describe-database-error.js'

/**
 * Makes sure, before a process does anything else, that the database answers and has the tables; and sets the clock.
 *
 * @throws DatabaseError with one clear line when not.
 */
export async function usableDatabase(store: Store, clock: DatabaseClock): Promise<void> {
  const askedAt = clock.monotonic()
  try {
    const { now } = await store.lookAhead()
    clock.measure(now, askedAt)
  } catch (thrown) {
    throw describeDatabaseError(thrown) ?? thrown
  }
}
