import { isRefusal } from '../errors/is-refusal.js'
import type { Transition } from './decide-transition.js'
import type { Finish, FinishReply, Rescue, Store } from '../store/store.js'

/** The database does not take an end, for what it holds or by a rule of the app's own. */
export interface Refused {
  readonly refused: unknown
}

/**
 * Ends attempts in one statement; where the database refuses that for what is in it, finds by halving the ends it does
 * not take and writes the others.
 *
 * @returns what became of each, in the order given.
 * @throws whatever has nothing to do with the ends themselves: the database cannot be reached, is stopping, is full.
 *   Some may have been written then; all can be sent again.
 */
export async function finishApart(
  store: Store,
  now: Date,
  finishes: readonly (Finish | Rescue)[],
): Promise<(FinishReply | Refused)[]> {
  try {
    return await store.finishRuns(now, finishes)
  } catch (error) {
    if (!isRefusal(error)) throw error
    if (finishes.length === 1) return [{ refused: error }]
    const middle = Math.ceil(finishes.length / 2)
    return [
      ...(await finishApart(store, now, finishes.slice(0, middle))),
      ...(await finishApart(store, now, finishes.slice(middle))),
    ]
  }
}

/** Whether an end was written, by this or by an earlier one. */
export function isWritten(reply: FinishReply | Refused | undefined): reply is Transition['state'] {
  return typeof reply === 'string' && reply !== 'held' && reply !== 'lost'
}
