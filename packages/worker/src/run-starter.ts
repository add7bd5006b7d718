import type { ClaimedRun, Clock, Logger, StartedTask } from '@sisy/core/internal'
import { createRunAbort, type ActiveRun } from './active-run.js'
import type { ActiveRuns } from './active-runs.js'
import type { TakenClaim } from './claim-loop.js'
import { largestClaim } from './claim-size.js'
import type { Lanes } from './execution/lanes.js'
import type { Ending, FinishQueue } from './finish-queue.js'
import { createLaneStarter, type LaneStarter } from './lane-starter.js'
import { giveUpAt } from './lease-times.js'
import {
  endOf,
  executeRun,
  failureOf,
  givenBack,
  type Ended,
  type PipelineOptions,
  type StateNow,
} from './run-pipeline.js'
import type { StartMarks } from './start-marks.js'
import { tasksAtClaim } from './tasks-at-claim.js'

export interface RunStarterOptions extends PipelineOptions {
  readonly clock: Clock
  readonly finishQueue: FinishQueue<Ended>
  readonly marks: StartMarks
  readonly logger: Logger
  readonly leaseMs: number
  readonly lanes: Lanes
  /** The runs this worker holds, from their claim until their end is written; added and removed here. */
  readonly active: ActiveRuns
  /** What follows the end of an attempt. */
  readonly onEnd: (ended: Ended, state: StateNow) => void | Promise<void>
  /** More runs may be wanted. */
  readonly onRoom: () => void
  /** A run is not held any more. */
  readonly onFree: () => void
}

/** Takes claimed runs through to their end. */
export interface RunStarter {
  /** How many runs of a queue are wanted now: none while claimed ones wait, or many ends are not written yet. */
  wanted(queue: string): number
  /** Whether runs of some queue are wanted. */
  readonly isHungry: boolean
  /** Takes over what was claimed from a queue. */
  take(claim: TakenClaim): void
  /** There may be a free slot. */
  beginNext(): void
  /** Is told what became of an end that was to be written. */
  settle(ended: Ended, ending: Ending): void
  /** Gives back what has not begun; nothing begins any more. */
  stop(): void
}

/** While more ends are not written, nothing is claimed. */
const mostUnwritten = 2 * largestClaim

export function createRunStarter(options: RunStarterOptions): RunStarter {
  const { clock, logger, active, lanes, marks, finishQueue, leaseMs, random } = options
  const starters = new Map(
    lanes.all.map((lane) => [
      lane,
      createLaneStarter({
        ...{ lane, clock, marks, random },
        execute: (held, started) => executeRun(held, started, options),
        onExecuted: (held, execution) => {
          const ended = endOf(held, execution, options)
          if (execution.outcome.kind === 'lost') settle(ended, 'lost')
          else finishQueue.push(ended)
        },
        onEmpty: options.onRoom,
        giveBack: (runs) => {
          for (const held of runs) finishQueue.push(givenBack(held, options))
        },
        onUnmarked: (error) => {
          logger.warn({ err: error }, 'The start of claimed runs could not be written; they are given back.')
        },
      }),
    ]),
  )

  function starterOf(queue: string) {
    const starter = starters.get(lanes.of(queue))
    if (starter === undefined) throw new Error(`No lane serves the queue ${queue}.`)
    return starter
  }

  function hold(run: ClaimedRun, task: StartedTask | null, leaseToken: string, askedAt: number): ActiveRun {
    const held: ActiveRun = {
      run,
      task,
      place: -1,
      leaseToken,
      giveUpAt: giveUpAt(askedAt, leaseMs),
      startedAt: null,
      markAt: Infinity,
      locking: null,
      abort: createRunAbort(),
    }
    active.add(held)
    return held
  }

  function settle(ended: Ended, ending: Ending): void {
    if (typeof ending === 'string') follow(ended, ending === 'lost' ? null : ending)
    else if (ended.isSubstitute || ended.active.startedAt === null) leave(ended.active, ending.refused)
    else finishQueue.push(failureOf(ended, ending.refused, options))
  }

  /** Waits only where there is something to wait for: a promise for each run would cost as much as all else here. */
  function follow(ended: Ended, state: StateNow): void {
    const held = ended.active
    try {
      const more = options.onEnd(ended, state)
      if (more === undefined) free(held)
      else
        void more.then(
          () => free(held),
          (error: unknown) => leave(held, error),
        )
    } catch (error) {
      leave(held, error)
    }
  }

  /** Leaves a run to the end of its lease. */
  function leave(held: ActiveRun, error: unknown): void {
    const { id, callable } = held.run
    logger.error({ err: error, run: id }, `Run ${id} (${callable}) could not be ended; it will be rescued.`)
    free(held)
  }

  function free(held: ActiveRun): void {
    active.delete(held)
    options.onFree()
  }

  const wantedBy = (starter: LaneStarter): number =>
    finishQueue.unwritten > mostUnwritten ? 0 : starter.wanted

  return {
    wanted: (queue) => wantedBy(starterOf(queue)),
    get isHungry() {
      return [...starters.values()].some((starter) => wantedBy(starter) > 0)
    },
    take: (claim) => {
      const { leaseToken, askedAt, heldTasks } = claim
      const [first] = claim.runs
      if (first === undefined) return
      const taskOf = tasksAtClaim(claim, heldTasks)
      starterOf(first.queue).take(claim.runs.map((run) => hold(run, taskOf(run), leaseToken, askedAt)))
    },
    beginNext: () => {
      for (const starter of starters.values()) starter.beginNext()
    },
    settle,
    stop: () => {
      for (const starter of starters.values()) starter.stop()
    },
  }
}
