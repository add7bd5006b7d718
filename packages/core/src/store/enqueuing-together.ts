import { isRefusal } from '../errors/is-refusal.js'
import type { NewRun } from '../run/run-row.js'
import type { Store, WrittenRun } from './store.js'

/** How many statements are under way before others are gathered. */
const lanes = 2

/** A run that somebody waits for. */
interface Waiting {
  readonly run: NewRun
  readonly resolve: (written: WrittenRun | null) => void
  readonly reject: (error: unknown) => void
}

/**
 * The same store, which enqueues single runs of several callers together: while statements are under way, those that come
 * are gathered, and sent by one when the next is free. A caller who is alone never waits. Many small transactions cost
 * more than their rows, above all for the wake-ups, which PostgreSQL commits one after the other. Runs with a unique key
 * go by themselves, since they may have to wait for somebody else's transaction.
 */
export function enqueuingTogether(store: Store): Store {
  let waiting: Waiting[] = []
  let underWay = 0

  async function sendInTurn(): Promise<void> {
    underWay += 1
    while (waiting.length > 0) {
      const together = waiting
      waiting = []
      await send(together)
    }
    underWay -= 1
  }

  /** Never fails: who waits is told. */
  async function send(together: readonly Waiting[]): Promise<void> {
    try {
      const written = await store.enqueueRuns(together.map(({ run }) => run))
      for (const [n, { resolve }] of together.entries()) resolve(written[n] ?? null)
    } catch (error) {
      // It undoes the whole; whose run it is about is seen when each is sent by itself.
      if (together.length > 1 && isRefusal(error)) for (const one of together) await send([one])
      else for (const { reject } of together) reject(error)
    }
  }

  function enqueue(run: NewRun): Promise<WrittenRun | null> {
    return new Promise((resolve, reject) => {
      waiting.push({ run, resolve, reject })
      if (underWay < lanes) void sendInTurn()
    })
  }

  return {
    ...store,
    enqueueRuns: async (runs) => {
      const [run] = runs
      const isSingle = run !== undefined && runs.length === 1 && run.uniqueKey === null
      return isSingle ? [await enqueue(run)] : store.enqueueRuns(runs)
    },
  }
}
