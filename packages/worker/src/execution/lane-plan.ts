import type { Settings } from '@sisy/core/internal'
import { defaultConcurrency } from '@sisy/core/internal'

type WorkerSettings = Settings['worker']

/** How many children there are, and what each may do. Memory in bytes. */
export interface ChildLimits {
  readonly processes: number
  readonly concurrency: number
  readonly maxMemory: number | null
  /** Undefined leaves it to the pool. */
  readonly recycleMemory?: number | null
  readonly memoryCheckIntervalMs: number
  readonly maxRunsPerChild: number | null
}

/** What one lane of the worker looks like: queues that share their slots. */
export interface LanePlan {
  /** The queue it is for; null for all that have no lane of their own. */
  readonly queue: string | null
  readonly inline: boolean
  readonly limits: ChildLimits
}

/** The lanes of a worker. A queue that is executed in its own way has a lane of its own. Pure. */
export function planLanes(worker: WorkerSettings): LanePlan[] {
  const { queues, perQueue } = worker
  const own = Object.keys(perQueue).filter(
    (queue) => (queues?.includes(queue) ?? true) && hasOwnWay(perQueue[queue]),
  )
  const shared = queues === undefined || queues.some((queue) => !own.includes(queue))
  return [
    ...(shared ? [{ queue: null, inline: worker.inline, limits: worker }] : []),
    ...own.map((queue) => planLane(worker, queue)),
  ]
}

/** A time limit alone does not need other slots. */
function hasOwnWay(given: WorkerSettings['perQueue'][string] = {}): boolean {
  return Object.keys(given).some((setting) => setting !== 'timeoutSeconds')
}

function planLane(worker: WorkerSettings, queue: string): LanePlan {
  const given = worker.perQueue[queue] ?? {}
  const inline = given.inline ?? worker.inline
  const concurrency =
    given.concurrency ??
    (inline === worker.inline ? worker.concurrency : defaultConcurrency(inline ? 'inline' : 'child'))
  const limits = { ...worker, ...given, concurrency }
  if (given.maxMemory === undefined || given.recycleMemory !== undefined) return { queue, inline, limits }
  const { recycleMemory: _shared, ...rest } = limits
  return { queue, inline, limits: rest }
}

/** The time limit of a queue's runs whose task says nothing, seconds; null means none. */
export function timeoutOfQueue({ perQueue, timeoutSeconds }: WorkerSettings, queue: string): number | null {
  const own = perQueue[queue]?.timeoutSeconds
  return own === undefined ? timeoutSeconds : own
}

/** How many runs a worker with these lanes has at once. */
export function slotsOf(plans: readonly LanePlan[]): number {
  return plans.reduce(
    (sum, { inline, limits }) => sum + (inline ? 1 : limits.processes) * limits.concurrency,
    0,
  )
}

/** The lanes in words, for the log: `1 at once in each of 4 processes; of queue mails up to 50 at once inline`. */
export function describeLanes(plans: readonly LanePlan[]): string {
  return plans.map(describeLane).join('; ')
}

function describeLane({ queue, inline, limits }: LanePlan): string {
  const { processes, concurrency } = limits
  const where = inline
    ? `up to ${concurrency} at once inline`
    : `up to ${concurrency} at once in each of ${processes} child processes`
  return queue === null ? where : `those of queue ${queue} ${where}`
}

/** How many runs it has at once in its own process. */
export function inlineSlots(plans: readonly LanePlan[]): number {
  return slotsOf(plans.filter(({ inline }) => inline))
}
