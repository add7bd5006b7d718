import { oneOf, wholeBetween, type Random } from '../plan/random.js'
import type { AppClient } from './app-client.js'
import type { Book } from './book.js'
import { manyAttempts, runToDo } from './runs-to-do.js'

/** Something that apps do, and the book says what is known of it. */
export type Act = (app: AppClient, book: Book, random: Random) => Promise<unknown>

const keys = ['key 1', 'key 2', 'key 3', 'key 4', 'key 5']

class RolledBack extends Error {}

/** Of a hundred acts, so many of each. */
const shares: readonly { readonly share: number; readonly act: Act }[] = [
  { share: 40, act: enqueue },
  { share: 15, act: enqueueByKey },
  { share: 10, act: enqueueMany },
  { share: 10, act: enqueueInTransaction },
  { share: 10, act: rollBack },
  { share: 5, act: enqueueLater },
  { share: 5, act: cancelSome },
  { share: 5, act: iterate },
]

/** All acts, each as often as its share. */
export const mixedActs: readonly Act[] = shares.flatMap(({ share, act }) => Array<Act>(share).fill(act))

async function enqueue({ task }: AppClient, book: Book, random: Random): Promise<void> {
  const { callable, options } = runToDo(random)
  note(book, await task.runOnce(callable, options))
}

async function enqueueByKey({ task }: AppClient, book: Book, random: Random): Promise<void> {
  const { callable, options } = runToDo(random)
  const run = await task.runOnce(callable, { ...options, uniqueKey: oneOf(random, keys) })
  if (run === null) book.refused += 1
  note(book, run)
}

async function enqueueMany({ task }: AppClient, book: Book, random: Random): Promise<void> {
  const items = Array.from({ length: wholeBetween(random, 2, 6) }, () => manyAttempts)
  for (const run of await task.runOnceMany('quick', items)) note(book, run)
}

async function enqueueInTransaction(app: AppClient, book: Book, random: Random): Promise<void> {
  const todo = [runToDo(random), runToDo(random)]
  const runs = await app.$transaction(async ({ task }) => {
    const made = []
    for (const { callable, options } of todo) made.push(await task.runOnce(callable, options))
    return made
  })
  for (const run of runs) note(book, run)
}

async function rollBack(app: AppClient, book: Book, random: Random): Promise<void> {
  const { callable, options } = runToDo(random)
  const rolledBack = app.$transaction(async ({ task }) => {
    const run = await task.runOnce(callable, options)
    if (run !== null) book.rolledBack.add(run.id)
    throw new RolledBack()
  })
  await rolledBack.catch((error: unknown) => {
    if (!(error instanceof RolledBack)) throw error
  })
}

async function enqueueLater({ task }: AppClient, book: Book, random: Random): Promise<void> {
  const { callable, options } = runToDo(random)
  const delayUntil = new Date(Date.now() + wholeBetween(random, 500, 3_000))
  note(book, await task.runOnce(callable, { ...options, delayUntil }))
}

async function cancelSome({ task }: AppClient, book: Book, random: Random): Promise<void> {
  const latest = [...book.committed].slice(-8)
  if (latest.length > 0) await task.cancel(oneOf(random, latest))
}

async function iterate({ task }: AppClient, book: Book, random: Random): Promise<void> {
  const iterations = wholeBetween(random, 1, 4)
  const { id } = await task.runIterations('quick', { iterations, ...manyAttempts })
  book.iterations.set(id, iterations)
}

function note({ committed }: Book, run: { readonly id: string } | null): void {
  if (run !== null) committed.add(run.id)
}
