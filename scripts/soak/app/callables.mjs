// What the soak's workers run: user code that behaves, and user code that does not. Each begin is written down first.
import { once } from 'node:events'
import { createHash } from 'node:crypto'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { prisma } from './db.mjs'

/** @typedef {{ readonly message: { readonly runId: string, readonly attempt: number }, readonly task: { readonly userdata: { readonly n: number } } }} Context */

/** @param {(context: Context) => unknown} act */
const recorded =
  (act) =>
  /** @param {Context} context */
  async (context) => {
    const { runId, attempt } = context.message
    await prisma.$executeRaw`INSERT INTO soak_begin (run, attempt, pid) VALUES (${runId}::uuid, ${attempt}, ${process.pid})`
    return act(context)
  }

const megabytes = (/** @type {number} */ count) => Buffer.alloc(count * 1024 ** 2, 1)
const forever = () => new Promise(() => setInterval(() => {}, 1_000))

export const callables = {
  quick: recorded(({ task }) => task.userdata.n),
  pause: recorded(() => sleep(100, 'paused')),
  compute: recorded(({ task }) => {
    let hash = String(task.userdata.n)
    for (let round = 0; round < 20_000; round += 1) hash = createHash('sha256').update(hash).digest('hex')
    return hash
  }),
  flood: recorded(async () => {
    for (let line = 0; line < 2_000; line += 1)
      if (!process.stdout.write(`${line} ${'.'.repeat(200)}\n`)) await once(process.stdout, 'drain')
    return 'flooded'
  }),
  throwing: recorded(() => {
    throw new RangeError('thrown on purpose')
  }),
  exiting: recorded(() => process.exit(7)),
  aborting: recorded(() => process.abort()),
  uncaught: recorded(() => {
    setTimeout(() => {
      throw new RangeError('thrown in a timer on purpose')
    })
    return forever()
  }),
  looping: recorded(() => {
    for (;;);
  }),
  hanging: recorded(forever),
  leaking: recorded(async () => {
    const held = []
    for (;;) {
      held.push(megabytes(10))
      await sleep(20)
    }
  }),
  bursting: recorded(() => {
    const held = megabytes(400)
    return forever().then(() => held.length)
  }),
  killed: recorded(() => {
    process.kill(process.pid, 'SIGKILL')
    return forever()
  }),
  unstorable: recorded(() => ({ amount: 1n })),
}
