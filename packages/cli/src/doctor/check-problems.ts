import type { TaskProblem } from '@sisy/core/internal'
import { problem, type Finding } from './finding.js'

/** Names the tasks that the heartbeat could not plan. */
export function checkProblems(problems: readonly TaskProblem[]): Finding[] {
  return problems.map(({ id, label, problem: why }) =>
    problem(`Task "${label}" (${id}) is left out: ${why} Edit it, and the heartbeat plans it anew.`),
  )
}
