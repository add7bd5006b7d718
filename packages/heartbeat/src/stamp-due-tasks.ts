import { runIds, stampDecision, type Stamp } from '@sisy/core/internal'
import type { Duty } from './duty.js'
import { reportProblem } from './report-problem.js'

/** How many tasks are read at a time. */
const batch = 1_000
/** How many runs one statement inserts, unless a single task has more to make up for. */
const runsPerStatement = 10_000

/**
 * Stamps every due task, the longest due first; each statement inserts the runs of some of them and advances those.
 *
 * @returns how many runs were inserted.
 */
export async function stampDueTasks(duty: Duty): Promise<number> {
  const { store, clock, logger, reportFrequency } = duty
  let stamped = 0
  for (;;) {
    const now = clock.now()
    const tasks = await store.readDueTasks(now, batch)
    if (tasks.length === 0) return stamped
    let advanced = 0
    for (const stamps of statements(decisions(duty, now, tasks))) {
      const written = await store.stampTasks(now, stamps)
      stamped += written.runs
      advanced += written.tasks.length
      logger.debug(`Stamped ${written.runs} runs of ${written.tasks.length} tasks.`)
      for (const { read, stamped: columns } of stamps) {
        if (columns.problem === null) reportFrequency(read)
        else reportProblem(logger, read, columns.problem)
      }
    }
    // What was not stamped is held or was changed by somebody else; the next tick sees to it.
    if (advanced < tasks.length) return stamped
  }
}

/** Decides one task at a time, as they are asked for: after a long outage all their runs would not fit in memory. */
function* decisions(
  { periodMs, nextInstant }: Duty,
  now: Date,
  tasks: readonly Stamp['read'][],
): Generator<Stamp> {
  const nextId = runIds(now)
  for (const read of tasks) {
    const decision = stampDecision(read, { now, periodMs, nextInstant })
    yield { ...decision, read, runs: decision.runs.map(({ dueAt }) => ({ id: nextId(), dueAt })) }
  }
}

/** Parts the stamps into what one statement takes each. */
function* statements(stamps: Iterable<Stamp>): Generator<readonly Stamp[]> {
  let part: Stamp[] = []
  let runs = 0
  for (const stamp of stamps) {
    if (part.length > 0 && runs + stamp.runs.length > runsPerStatement) {
      yield part
      part = []
      runs = 0
    }
    part.push(stamp)
    runs += stamp.runs.length
  }
  if (part.length > 0) yield part
}
