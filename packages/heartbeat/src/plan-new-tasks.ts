import { firstRun, writeApart, type Plan } from '@sisy/core/internal'
import type { Duty } from './duty.js'
import { reportProblem } from './report-problem.js'

const batch = 500
/** With more held by other transactions than this, the rest waits for the next tick. */
const mostLeft = 40_000

/**
 * Gives tasks without a next instant their first: those written by plain SQL, migrations and nested writes, and those
 * whose timing was edited. The schedule is searched from the edit on, though not further back than one period.
 *
 * @returns how many were planned, or found to have a problem, which is then written to the row.
 */
export async function planNewTasks(duty: Duty): Promise<number> {
  const { store, clock, logger, periodMs, instantsOf, reportFrequency, refused } = duty
  /** Read with others of which one could not be written: it is held, refused, or was changed by somebody else. */
  const left = refused.leftAlone()
  const onRefused = refused.counting()
  let planned = 0
  for (;;) {
    const tasks = await store.readUnplannedTasks({ limit: batch, except: left })
    if (tasks.length === 0) return planned
    const now = clock.now()
    const plans = tasks.map((read): Plan => {
      const from = searchFrom(read.modifiedAt, now, periodMs)
      return { read, ...firstRun(read, { now, from, instantsOf }) }
    })
    let written = 0
    await writeApart(
      plans,
      async (part) => {
        written += await store.planTasks(part)
        for (const { read, problem } of part) {
          if (problem === null) reportFrequency(read)
          else reportProblem(logger, read, problem)
        }
      },
      ({ read }, error) => onRefused(read, error),
    )
    planned += written
    // The next tick sees to them.
    if (written < tasks.length) for (const { id } of tasks) left.add(id)
    if (tasks.length < batch || left.size >= mostLeft) return planned
  }
}

/** An edit that plain SQL dated with what a `Date` cannot hold, such as `infinity`, counts as made now. */
function searchFrom(modifiedAt: Date, now: Date, periodMs: number): Date {
  const edited = Number.isNaN(modifiedAt.getTime()) ? now : modifiedAt
  return new Date(Math.max(Math.min(edited.getTime(), now.getTime()), now.getTime() - periodMs))
}
