import path from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { behaviours, mixedCallables } from './behaviours.js'
import type { Stage } from './open-stage.js'

/** As much of the app's client as the producer needs. */
interface AppClient {
  readonly task: { runOnceMany(callable: string, items: readonly object[]): Promise<unknown> }
  $disconnect(): Promise<void>
}

export interface ProducerOptions {
  readonly runsPerSecond: number
  readonly signal: AbortSignal
}

/** With more than this many seconds of runs waiting nothing is enqueued, so that the queue stays bounded. */
const mostWaitingSeconds = 10

/** Enqueues runs steadily, through the app's own client, until the signal is aborted. Resolves to how many. */
export async function produceRuns(stage: Stage, { runsPerSecond, signal }: ProducerOptions): Promise<number> {
  Object.assign(process.env, stage.env)
  const { prisma } = (await import(pathToFileURL(path.join(stage.path, 'db.mjs')).href)) as {
    prisma: AppClient
  }
  const callables = mixedCallables()
  let enqueued = 0
  let owed = 0
  while (!signal.aborted) {
    owed += runsPerSecond
    if ((await countWaiting(stage)) > mostWaitingSeconds * runsPerSecond) owed = 0
    const items = new Map<string, object[]>()
    for (; owed >= 1; owed -= 1) {
      const callable = callables[enqueued % callables.length] ?? ''
      items.set(callable, [...(items.get(callable) ?? []), itemOf(callable, enqueued)])
      enqueued += 1
    }
    for (const [callable, group] of items) await prisma.task.runOnceMany(callable, group)
    await sleep(1_000, undefined, { signal }).catch(() => {})
  }
  await prisma.$disconnect()
  return enqueued
}

function itemOf(callable: string, n: number): object {
  const { maxAttempts, timeoutSeconds } = behaviours[callable] ?? {}
  return { userdata: { n }, maxAttempts, ...(timeoutSeconds !== undefined && { timeoutSeconds }) }
}

async function countWaiting({ database }: Stage): Promise<number> {
  const sql = `SELECT count(*)::int AS waiting FROM sisy_task_run WHERE state IN ('due', 'scheduled', 'running')`
  const { rows } = await database.query<{ waiting: number }>(sql)
  return rows[0]?.waiting ?? 0
}
