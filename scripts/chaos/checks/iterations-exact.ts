import { findingOf, type Finding } from '../../endurance/finding.js'
import { groupBy } from '../history/group-by.js'
import type { History } from '../history/history.js'

/** Whether each task with iterations was stamped that often. */
export function iterationsExact({ runs, book }: History): Finding {
  const inserts = runs.flatMap(({ changes }) => changes.filter(({ operation }) => operation === 'INSERT'))
  const stamped = groupBy(inserts, ({ new: row }) => row?.taskId ?? '')
  const faults = [...book.iterations].flatMap(([task, wanted]) => {
    const count = stamped.get(task)?.length ?? 0
    return count === wanted ? [] : [`task ${task} was to run ${wanted} times, and was stamped ${count} times`]
  })
  return findingOf(`Iterations are exact in all ${book.iterations.size} tasks`, faults)
}
