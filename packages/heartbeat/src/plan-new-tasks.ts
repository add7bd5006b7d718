import { firstRun, type Plan } from '@sisy/core/internal'
import type { Duty } from './duty.js'
import { reportProblem } from './report-problem.js'

const batch = 500

/**
 * Gives tasks without a next instant their first: those written by plain SQL, migrations and nested writes, and those
 * whose timing was edited. The schedule is searched from the edit on, though not further back than one period.
 *
 * @returns how many were planned, or found to have a problem, which is then written to the row.
 */
export async function planNewTasks(duty: Duty): Promise<number> {
  const { store, clock, logger, periodMs, instantsOf, reportFrequency } = duty
  let planned = 0
  for (;;) {
    const tasks = await store.readUnplannedTasks(batch)
    if (tasks.length === 0) return planned
    const now = clock.now()
    const plans = tasks.map((read): Plan => {
      const from = searchFrom(read.modifiedAt, now, periodMs)
      return { read, ...firstRun(read, { now, from, instantsOf }) }
    })
    for (const { read, problem } of plans) {
      if (problem === null) reportFrequency(read)
      else reportProblem(logger, read, problem)
    }
    const written = await store.planTasks(plans)
    planned += written
    // What could not be written is held or was changed by somebody else; the next tick sees to it.
    if (written < tasks.length || tasks.length < batch) return planned
  }
}

/** An edit that plain SQL dated with what a `Date` cannot hold, such as `infinity`, counts as made now. */
function searchFrom(modifiedAt: Date, now: Date, periodMs: number): Date {
  const edited = Number.isNaN(modifiedAt.getTime()) ? now : modifiedAt
  return new Date(Math.max(Math.min(edited.getTime(), now.getTime()), now.getTime() - periodMs))
}
