import type { Clock } from '../clock/clock.js'
import { DatabaseError } from '../errors/errors.js'

export interface Deadline {
  readonly clock: Clock
  /** Milliseconds. */
  readonly ms: number
  /** As many of these are over already. Default 0. */
  readonly spentMs?: number
  /** What did not come, to begin a sentence that says in what time: `The database did not answer`. */
  readonly missed: string
}

/**
 * Waits for the database, but no longer than this. What is waited for goes on; what comes of it later is dropped.
 *
 * @throws DatabaseError when time is over, caused by an error with the code ETIMEDOUT.
 */
export async function within<Reply>(
  work: PromiseLike<Reply>,
  { clock, ms, spentMs = 0, missed }: Deadline,
): Promise<Reply> {
  let cancel = (): void => undefined
  const over = new Promise<never>((_, reject) => {
    cancel = clock.after(ms - spentMs, () => {
      const cause = Object.assign(new Error('Time is over.'), { code: 'ETIMEDOUT' })
      reject(new DatabaseError(`${missed} within ${Math.round(ms / 100) / 10} s.`, {}, { cause }))
    })
  })
  try {
    return await Promise.race([work, over])
  } finally {
    cancel()
  }
}
