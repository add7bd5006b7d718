import { newRunIds, stampDecision, type Stamp } from '@sisy/core/internal'
import type { Duty } from './duty.js'
import { reportProblem } from './report-problem.js'

const batch = 1_000

export interface StampReport {
  /** Runs inserted. */
  readonly stamped: number
  /** Due tasks that could not be stamped: another heartbeat or an edit had them. */
  readonly held: number
}

/** Stamps every due task, the longest due first; each batch is one statement that inserts runs and advances tasks. */
export async function stampDueTasks({
  store,
  clock,
  logger,
  periodMs,
  nextInstant,
}: Duty): Promise<StampReport> {
  let stamped = 0
  for (;;) {
    const now = clock.now()
    const tasks = await store.readDueTasks(now, batch)
    if (tasks.length === 0) return { stamped, held: 0 }
    const stamps = tasks.map((read): Stamp => {
      const decision = stampDecision(read, { now, periodMs, nextInstant })
      const ids = newRunIds(now, decision.runs.length)
      return { ...decision, read, runs: decision.runs.map(({ dueAt }, n) => ({ id: ids[n] ?? '', dueAt })) }
    })
    const written = await store.stampTasks(now, stamps)
    stamped += written.runs
    logger.debug(`Stamped ${written.runs} runs of ${written.tasks.length} tasks.`)
    for (const {
      read,
      stamped: { problem },
    } of stamps)
      if (problem !== null) reportProblem(logger, read, problem)
    const held = tasks.length - written.tasks.length
    if (held > 0) return { stamped, held }
  }
}
