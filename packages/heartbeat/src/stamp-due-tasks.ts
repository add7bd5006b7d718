import { runIds, stampDecision, type Stamp } from '@sisy/core/internal'
import type { Duty } from './duty.js'
import { reportProblem } from './report-problem.js'

const batch = 1_000

/**
 * Stamps every due task, the longest due first; each batch is one statement that inserts runs and advances tasks.
 *
 * @returns how many runs were inserted.
 */
export async function stampDueTasks(duty: Duty): Promise<number> {
  const { store, clock, logger, periodMs, nextInstant, reportFrequency } = duty
  let stamped = 0
  for (;;) {
    const now = clock.now()
    const tasks = await store.readDueTasks(now, batch)
    if (tasks.length === 0) return stamped
    const nextId = runIds(now)
    const stamps = tasks.map((read): Stamp => {
      const decision = stampDecision(read, { now, periodMs, nextInstant })
      return { ...decision, read, runs: decision.runs.map(({ dueAt }) => ({ id: nextId(), dueAt })) }
    })
    const written = await store.stampTasks(now, stamps)
    stamped += written.runs
    logger.debug(`Stamped ${written.runs} runs of ${written.tasks.length} tasks.`)
    for (const { read, stamped: columns } of stamps) {
      if (columns.problem === null) reportFrequency(read)
      else reportProblem(logger, read, columns.problem)
    }
    // What was not stamped is held or was changed by somebody else; the next tick sees to it.
    if (written.tasks.length < tasks.length) return stamped
  }
}
