import type { Claim, ClaimedRun, StartedTask } from '@sisy/core/internal'
import type { ActiveRun } from './active-run.js'

/**
 * Tells the task with which a claimed run may begin, as it was at the claim; null where it is to be read when the run
 * begins, for another run of the task is in hand, which may still write to it.
 *
 * @param held the runs that were held before.
 */
export function tasksAtClaim(
  { runs, tasks }: Pick<Claim, 'runs' | 'tasks'>,
  held: Iterable<ActiveRun>,
): (run: ClaimedRun) => StartedTask | null {
  const taskOf = new Map<ClaimedRun, StartedTask>()
  // Most claims bring one-shots.
  if (tasks.size > 0) {
    const inHand = new Set<string | null>()
    for (const { run } of held) inHand.add(run.taskId)
    for (const run of runs) {
      const task = run.taskId === null ? undefined : tasks.get(run.taskId)
      if (task === undefined || inHand.has(task.id)) continue
      inHand.add(task.id)
      taskOf.set(run, task)
    }
  }
  return (run) => taskOf.get(run) ?? null
}
