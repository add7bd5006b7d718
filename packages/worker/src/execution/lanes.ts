import type { Executor } from './executor.js'
import type { LanePlan } from './lane-plan.js'

/** An executor with its slots, shared by the runs of one or many queues. */
export interface Lane {
  readonly executor: Executor
  /** How many runs it can take now. */
  readonly free: number
  /** A run occupies a slot until it is released. */
  hold(): void
  release(): void
}

/** The lanes of a worker, by queue. */
export interface Lanes {
  readonly all: readonly Lane[]
  of(queue: string): Lane
}

export function openLanes(plans: readonly LanePlan[], open: (plan: LanePlan) => Executor): Lanes {
  const byQueue = new Map(plans.map((plan) => [plan.queue, openLane(open(plan))]))
  const all = [...byQueue.values()]
  const shared = byQueue.get(null) ?? all[0]
  if (shared === undefined) throw new Error('A worker needs a lane.')
  return { all, of: (queue) => byQueue.get(queue) ?? shared }
}

function openLane(executor: Executor): Lane {
  let held = 0
  return {
    executor,
    get free() {
      // A run holds its slot from its claim until its end is written, not only while it is executed.
      return Math.max(0, executor.free - (held - executor.executing))
    },
    hold: () => {
      held += 1
    },
    release: () => {
      held -= 1
    },
  }
}
