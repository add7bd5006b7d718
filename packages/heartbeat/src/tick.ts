import {
  createInstantCache,
  createRescuePause,
  createRunIds,
  isPast,
  reportRescued,
  rescueLostRuns,
  type DatabaseClock,
  type LookAhead,
  type Store,
} from '@sisy/core/internal'
import type { Duty } from './duty.js'
import { endStrangeRuns } from './end-strange-runs.js'
import { planNewTasks } from './plan-new-tasks.js'
import { createPruner } from './prune-history.js'
import { reapFinishedTasks } from './reap-finished-tasks.js'
import { createRefusedTasks } from './refused-tasks.js'
import { createFrequencyReporter } from './report-frequency.js'
import { stampDueTasks } from './stamp-due-tasks.js'

/** What one tick did, and when the next is wanted. */
export interface TickReport {
  /** Runs inserted. */
  readonly stamped: number
  /** Runs that became due. */
  readonly promoted: number
  /** Tasks that got their first instant, lost it by being disabled, or were found to have a problem. */
  readonly planned: number
  /** Runs taken back from workers that are gone. */
  readonly rescued: number
  /** Runs ended that plain SQL had put in a state there is not. */
  readonly strange: number
  /** Ended tasks deleted. */
  readonly reaped: number
  /** Rows of history deleted. */
  readonly pruned: number
  /** Milliseconds until the next tick, unless something wakes the heartbeat. */
  readonly pauseMs: number
}

/** How many runs one statement promotes. */
const promoteBatch = 1_000
/** Lost runs and hand-written rows are looked for at least this often, milliseconds. */
const longestPauseMs = 5_000
/** What was to be done and could not, since another transaction holds it, is tried again after this, milliseconds. */
const heldPauseMs = 1_000

export interface TickOptions extends Omit<Duty, 'instantsOf' | 'newRunId' | 'reportFrequency' | 'refused'> {
  /** How long a worker's lease is, milliseconds. */
  readonly leaseMs: number
}

/** Makes the heartbeat's turn: plan, stamp, promote, rescue, end what is strange, reap, prune. */
export function createTick(options: TickOptions): () => Promise<TickReport> {
  const { store, clock, logger, periodMs, leaseMs } = options
  const duty: Duty = {
    ...options,
    instantsOf: createInstantCache(),
    newRunId: createRunIds(),
    reportFrequency: createFrequencyReporter(logger, periodMs),
    refused: createRefusedTasks(clock, logger),
  }
  const prune = createPruner(duty)
  const rescuePause = createRescuePause(clock, leaseMs)

  async function look(): Promise<LookAhead> {
    const askedAt = clock.monotonic()
    const ahead = await store.lookAhead()
    rescuePause.measured(clock.measure(ahead.now, askedAt))
    return ahead
  }

  return async () => {
    const ahead = await look()
    const unplanned = ahead.paused ? await store.unplanDisabledTasks() : 0
    const planned = ahead.unplanned ? await planNewTasks(duty) : 0
    const mayStamp = planned > 0 || isPast(ahead.nextTask, clock.now())
    const stamped = mayStamp ? await stampDueTasks(duty) : 0
    const mayPromote = isPast(ahead.nextScheduled, clock.now())
    const promoted = mayPromote ? await promoteRipeRuns(store, clock) : 0
    const mayRescue = rescuePause.isOver && isPast(ahead.nextLeaseEnd, clock.now())
    const rescued = mayRescue ? await rescueLostRuns(store, clock) : []
    reportRescued(logger, rescued, options.reportOutcome)
    const strange = ahead.strange ? await endStrangeRuns(duty) : 0
    const reaped = ahead.ended ? await reapFinishedTasks(store) : 0
    const { pruned, more } = await prune()

    const acted = ahead.paused || ahead.unplanned || mayStamp || mayPromote || mayRescue
    const progressed = unplanned + planned + stamped + promoted > 0
    // Where nothing was to be done, what was seen still holds.
    const msUntilNext = msUntil(acted ? await look() : ahead)
    // What is still to be done now is new, or held by another transaction.
    const isHeld = msUntilNext <= 0 && acted && !progressed
    const pauseMs = more ? 0 : Math.min(periodMs, longestPauseMs, isHeld ? heldPauseMs : msUntilNext)
    return {
      stamped,
      promoted,
      planned: planned + unplanned,
      rescued: rescued.length,
      strange,
      reaped,
      pruned,
      pauseMs: Math.max(0, pauseMs),
    }
  }

  /** Milliseconds until a task is to be planned or stamped, or a run promoted; not above 0 when one is now. */
  function msUntil({ nextTask, nextScheduled, unplanned }: LookAhead): number {
    if (unplanned) return 0
    const nearest = Math.min(nextTask?.getTime() ?? Infinity, nextScheduled?.getTime() ?? Infinity)
    return nearest - clock.now().getTime()
  }
}

async function promoteRipeRuns(store: Store, clock: DatabaseClock): Promise<number> {
  let promoted = 0
  for (;;) {
    const count = await store.promoteRuns(clock.now(), promoteBatch)
    promoted += count
    if (count < promoteBatch) return promoted
  }
}
