import { setTimeout as sleep } from 'node:timers/promises'
import type { Stage } from './open-stage.js'

const pauseMs = 500

/** Waits until nothing is left to be stamped or run. @returns what is left when the time is over. */
export async function drained({ database }: Stage, mostMs: number): Promise<number> {
  for (let waitedMs = 0; ; waitedMs += pauseMs) {
    const left = await countLeft(database)
    if (left === 0 || waitedMs >= mostMs) return left
    await sleep(pauseMs)
  }
}

async function countLeft({ query }: Stage['database']): Promise<number> {
  const [row] = await query<{ left: number }>(`
    SELECT (SELECT count(*) FROM sisy_task_run WHERE state IN ('scheduled', 'due', 'running'))::int
      + (SELECT count(*) FROM sisy_task WHERE enabled AND "endedAt" IS NULL)::int AS left`)
  return row?.left ?? 0
}
