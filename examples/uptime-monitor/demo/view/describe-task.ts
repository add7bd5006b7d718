import type { Task } from '../../src/generated/prisma/client.js'
import { answerText, describeRun } from './describe-run.js'
import { whenNext } from './describe-time.js'
import type { CheckedSite, Snapshot } from './read-snapshot.js'

/** A task in words. */
export interface TaskDescription {
  readonly label: string
  readonly schedule: string
  readonly timezone: string
  readonly next: string
  /** State of the site it is bound to; null when it is bound to none. */
  readonly state: string | null
  /** What its last run gave. */
  readonly last: string
}

/** Describes a task: what it is bound to, when it runs, and how its last run went. */
export function describeTask(task: Task, { now, sites, ended }: Snapshot): TaskDescription {
  const { label, schedule, timezone, nextRun, problem } = task
  const next = problem ?? (nextRun === null ? 'not planned yet' : whenNext(nextRun, now, timezone))
  const site = sites.find(({ id }) => task.modelName === 'Site' && id === recordId(task))
  const run = ended.find(({ taskId }) => taskId === task.id)
  const last = site ? lastCheck(site) : run ? describeRun(run, now).detail : ''
  return { label, schedule, timezone, next, state: site?.state ?? null, last }
}

function recordId({ modelKey }: Task): unknown {
  return typeof modelKey === 'object' && modelKey !== null && 'id' in modelKey ? modelKey['id'] : undefined
}

function lastCheck({ checks: [check] }: CheckedSite): string {
  return check === undefined ? '' : answerText(check)
}
