import type { Claim, ClaimedRun, StartedTask } from '@sisy/core/internal'
import type { ActiveRun } from './active-run.js'

/** The tasks of these runs. */
export function tasksOf(held: Iterable<ActiveRun>): ReadonlySet<string> {
  const tasks = new Set<string>()
  for (const { run } of held) if (run.taskId !== null) tasks.add(run.taskId)
  return tasks
}

/**
 * Tells the task with which a claimed run may begin, as it was at the claim; null where it is to be read when the run
 * begins, for another run of the task was or is in hand, which may have written to it since.
 *
 * @param heldBefore the tasks of the runs that were held when the claim was sent.
 */
export function tasksAtClaim(
  { runs, tasks }: Pick<Claim, 'runs' | 'tasks'>,
  heldBefore: ReadonlySet<string>,
): (run: ClaimedRun) => StartedTask | null {
  const taskOf = new Map<ClaimedRun, StartedTask>()
  // Most claims bring one-shots.
  if (tasks.size > 0) {
    const inHand = new Set(heldBefore)
    for (const run of runs) {
      const task = run.taskId === null ? undefined : tasks.get(run.taskId)
      if (task === undefined || inHand.has(task.id)) continue
      inHand.add(task.id)
      taskOf.set(run, task)
    }
  }
  return (run) => taskOf.get(run) ?? null
}
