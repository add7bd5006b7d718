import type { Transition } from './decide-transition.js'
import type { Finish, FinishReply, Rescue, Store } from '../store/store.js'
import { writeApart } from '../store/write-apart.js'

/** The database does not take an end, for what it holds or by a rule of the app's own. */
export interface Refused {
  readonly refused: unknown
}

/**
 * Ends attempts in one statement, those apart that the database does not take; see `writeApart`.
 *
 * @returns what became of each, in the order given.
 * @throws whatever has nothing to do with the ends themselves. Some may have been written then; all can be sent again.
 */
export async function finishApart(
  store: Store,
  now: Date,
  finishes: readonly (Finish | Rescue)[],
): Promise<(FinishReply | Refused)[]> {
  const replies: (FinishReply | Refused)[] = []
  await writeApart(
    finishes,
    async (part) => {
      replies.push(...(await store.finishRuns(now, part)))
    },
    (_, error) => replies.push({ refused: error }),
  )
  return replies
}

/** Whether an end was written, by this or by an earlier one. */
export function isWritten(reply: FinishReply | Refused | undefined): reply is Transition['state'] {
  return typeof reply === 'string' && reply !== 'held' && reply !== 'lost'
}
