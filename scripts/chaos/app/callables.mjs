// What the workers run. Each call has an id of its own, and writes what it does into the ledger.
import { Discard, Snooze } from '@sisy/core'
import { randomUUID } from 'node:crypto'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { prisma } from './db.mjs'

/**
 * @typedef {object} Context
 * @property {{ userdata: Record<string, any>, save(): Promise<void> }} task
 * @property {{ runId: string, attempt: number, complete(tx: unknown, result: unknown): Promise<void> }} message
 * @property {AbortSignal} signal
 */

/** The machine's clock, whatever this program is told of it. */
const realNow = /** @type {{ realNow?: () => number }} */ (globalThis).realNow ?? Date.now

/** How often a long call says that it goes on, milliseconds. */
const beatMs = 500

/** @param {(context: Context, note: (kind: string) => Promise<unknown>, call: string) => Promise<unknown>} act */
const recorded =
  (act) =>
  /** @param {Context} context */
  async (context) => {
    const call = randomUUID()
    const { runId, attempt } = context.message
    const note = (/** @type {string} */ kind) =>
      prisma.$executeRaw`INSERT INTO chaos_ledger (sent, run, attempt, call, pid, kind)
        VALUES (to_timestamp(${realNow() / 1000}::float8), ${runId}::uuid, ${attempt}, ${call}::uuid, ${process.pid}, ${kind})`
    await note('begin')
    try {
      await act(context, note, call)
    } catch (thrown) {
      await note('thrown').catch(() => {})
      throw thrown
    }
    await note('end')
    // The result tells whose it is.
    return { call }
  }

/** Goes on for a while, saying so, and gives up when told to. */
const goOn = async (
  /** @type {Context} */ { task, signal },
  /** @type {(kind: string) => Promise<unknown>} */ note,
) => {
  for (let left = task.userdata.ms; left > 0; left -= beatMs) {
    await sleep(Math.min(left, beatMs), undefined, { signal })
    await note('beat')
  }
}

export const callables = {
  quick: recorded(async () => {}),
  medium: recorded(({ task, signal }) => sleep(task.userdata.ms, undefined, { signal })),
  long: recorded(goOn),
  throwing: recorded(async ({ task, message, signal }) => {
    await sleep(task.userdata.ms, undefined, { signal })
    if (message.attempt <= task.userdata.throws) throw new RangeError('thrown on purpose')
  }),
  saving: recorded(async ({ task, signal }, _note, call) => {
    for (let step = Number(task.userdata.step ?? 0); step < 4; step += 1) {
      await sleep(200, undefined, { signal })
      task.userdata = { ...task.userdata, step: step + 1, call }
      await task.save()
    }
  }),
  completing: recorded(({ task, message }, _note, call) =>
    prisma.$transaction(async (tx) => {
      const { runId, attempt } = message
      await tx.$executeRaw`INSERT INTO chaos_ledger (run, attempt, call, pid, kind) VALUES (${runId}::uuid, ${attempt}, ${call}::uuid, ${process.pid}, 'effect')`
      await sleep(task.userdata.ms)
      await message.complete(tx, { call })
    }),
  ),
  snoozing: recorded(async ({ task }, _note, call) => {
    if (task.userdata.snoozed === true) return
    task.userdata = { ...task.userdata, snoozed: true, call }
    await task.save()
    throw new Snooze(300)
  }),
  discarding: recorded(async () => {
    throw new Discard('discarded on purpose')
  }),
}
