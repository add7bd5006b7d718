import { setTimeout as sleep } from 'node:timers/promises'
import { oneOf, randomStream } from '../plan/random.js'
import type { Stage } from '../stage/open-stage.js'
import { openAppClient, type AppClient } from './app-client.js'
import { mixedActs, type Act } from './acts.js'
import { openBook, type Book } from './book.js'
import { manyAttempts } from './runs-to-do.js'

export interface ProduceOptions {
  readonly seed: number
  readonly signal: AbortSignal
}

const betweenActsMs = 200
/** How many acts wait for their answer at once; more are left out. */
const mostAtOnce = 12
/** With more unfinished runs than this nothing is enqueued, so that the queue stays bounded. */
const mostWaiting = 80
/** After this, acts that still wait for their answer are left to themselves. */
const mostEndMs = 15_000

/** Does what apps do until the signal is aborted, then pauses the tasks that go on for ever. Resolves to what is known of it. */
export async function produce(stage: Stage, { seed, signal }: ProduceOptions): Promise<Book> {
  const app = await openAppClient(stage)
  const random = randomStream(seed, 'load')
  const book = openBook()
  const underWay = new Set<Promise<void>>()
  const start = (act: Act): void => {
    const doing = act(app, book, random)
      .then(() => {})
      .catch(() => {
        book.unanswered += 1
      })
      .finally(() => underWay.delete(doing))
    underWay.add(doing)
  }
  await until(() => scheduleTasks(app, stage))
  for (let count = 0; !signal.aborted; count += 1) {
    const crowded = count % 8 === 0 && (await countWaiting(stage)) > mostWaiting
    if (crowded) await sleep(1_000, undefined, { signal }).catch(() => {})
    else if (underWay.size < mostAtOnce) start(oneOf(random, mixedActs))
    await sleep(betweenActsMs, undefined, { signal }).catch(() => {})
  }
  await Promise.race([Promise.all(underWay), sleep(mostEndMs)])
  await until(() => app.task.updateMany({ where: { key: { not: null } }, data: { enabled: false } }))
  await app.$disconnect()
  return book
}

/** All of each second: one that may overlap, one that may not, and one for each worker alone, by which it is seen to work. */
async function scheduleTasks({ task }: AppClient, { programs }: Stage): Promise<void> {
  const everySecond = { schedule: '* * * * * *', ...manyAttempts }
  await task.schedule('quick', { key: 'each second', ...everySecond })
  await task.schedule('medium', {
    key: 'one at a time',
    ...everySecond,
    allowOverlap: false,
    userdata: { ms: 1_500 },
  })
  for (const { role } of programs) {
    if (role.kind !== 'worker') continue
    const own = { key: `for ${role.name}`, queue: role.name, allowOverlap: false }
    await task.schedule('quick', { ...everySecond, ...own })
  }
}

async function countWaiting({ database }: Stage): Promise<number> {
  const [row] = await database.query<{ waiting: number }>(
    `SELECT count(*)::int AS waiting FROM sisy_task_run WHERE state IN ('due', 'scheduled', 'running')`,
  )
  return row?.waiting ?? 0
}

/** Tries until it is done: the database may be gone at the moment. */
async function until(act: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await act()
      return
    } catch {
      await sleep(betweenActsMs)
    }
  }
}
