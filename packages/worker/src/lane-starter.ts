import { retryPause, sleep, type Clock, type StartedRun } from '@sisy/core/internal'
import type { ActiveRun } from './active-run.js'
import { createClaimSize } from './claim-size.js'
import type { Execution } from './execution/executor.js'
import type { Lane } from './execution/lanes.js'
import { createLocalQueue } from './local-queue.js'
import type { StartMarks } from './start-marks.js'

export interface LaneStarterOptions {
  readonly lane: Lane
  readonly clock: Clock
  readonly marks: StartMarks
  /** Executes a run, which occupies a slot meanwhile. Never rejects. */
  readonly execute: (active: ActiveRun, started: StartedRun) => Promise<Execution>
  /** A run was executed. */
  readonly onExecuted: (active: ActiveRun, execution: Execution) => void
  /** No run waits any more. */
  readonly onEmpty: () => void
  /** Gives back runs that have not begun. */
  readonly giveBack: (runs: readonly ActiveRun[]) => void
  /** Runs could not be marked, and were given back. */
  readonly onUnmarked: (error: unknown) => void
  /** Between 0 and 1; spreads the pauses of several workers in the same trouble. */
  readonly random: () => number
}

/** Begins the claimed runs of one lane. */
export interface LaneStarter {
  /** How many more are wanted now: none while some wait. */
  readonly wanted: number
  /** Takes runs over that were claimed together. */
  take(runs: readonly ActiveRun[]): void
  /** There may be a free slot. */
  beginNext(): void
  /** Gives back what has not begun; nothing begins any more. */
  stop(): void
}

/** A claimed run that has not begun after this is given back, milliseconds: another worker may have a slot for it. */
const longestWaitMs = 1_000
/**
 * What has waited for longer is asked for again before it begins, milliseconds: it may have been cancelled unheard, and
 * its task edited.
 */
const freshMs = 200
/** In one turn of the event loop runs begin for no longer than this, milliseconds: timers and replies must get theirs. */
const longestTurnMs = 5
/** Nothing is in the way of a run that begins with what its claim has told. */
const asClaimed = { oversize: null, cancelRequested: false }

/**
 * Whether a run must be marked before it begins: one that is not tried again if its worker dies, one whose worker may
 * have died before, and one whose task is still to be read.
 */
function startsMarked({ run, task }: ActiveRun): boolean {
  const { taskId, attempt, maxAttempts, claimedBefore } = run
  return (taskId !== null && task === null) || attempt >= maxAttempts || claimedBefore
}

export function createLaneStarter(options: LaneStarterOptions): LaneStarter {
  const { lane, clock, marks, execute, onExecuted, onEmpty, giveBack, onUnmarked, random } = options
  const queue = createLocalQueue()
  const claimSize = createClaimSize()
  /** When what waits was taken over, by `monotonic()`. */
  let takenAt = 0
  let turnEndsAt: number | undefined
  let marking = false
  /** Marks that failed since the last that did not. */
  let failures = 0
  const stopping = new AbortController()
  let cancelReturn = (): void => undefined

  function isTurnOver(): boolean {
    if (turnEndsAt === undefined) {
      turnEndsAt = clock.monotonic() + longestTurnMs
      setImmediate(() => {
        turnEndsAt = undefined
        beginNext()
      })
    }
    return clock.monotonic() > turnEndsAt
  }

  function mustMark(active: ActiveRun): boolean {
    return startsMarked(active) || clock.monotonic() - takenAt > freshMs
  }

  function beginNext(): void {
    for (let next = queue.peek(); next !== undefined && lane.free > 0; next = queue.peek()) {
      if (mustMark(next)) {
        // Those that become free meanwhile are marked together, when this is done.
        if (!marking) void beginMarked()
        return
      }
      if (isTurnOver()) return
      queue.shift()
      lane.hold()
      next.startedAt = clock.now()
      marks.begun(next)
      begin(next, { id: next.run.id, task: next.task, ...asClaimed })
    }
    if (queue.size === 0) onEmpty()
  }

  async function beginMarked(): Promise<void> {
    marking = true
    const runs: ActiveRun[] = []
    // Once one must be marked, those that could begin with it are marked by the same statement.
    for (let next = queue.peek(); next !== undefined && lane.free > 0; next = queue.peek()) {
      queue.shift()
      lane.hold()
      runs.push(next)
    }
    const now = clock.now()
    try {
      const marked = await marks.mark(runs, now)
      failures = 0
      for (const active of runs) {
        const started = stopping.signal.aborted ? undefined : marked.get(active.run.id)
        if (started === undefined) {
          returnHeld([active])
        } else {
          active.startedAt = now
          begin(active, started)
        }
      }
    } catch (error) {
      // Whether they were marked is not known; nothing of theirs has begun.
      returnHeld(runs)
      onUnmarked(error)
      failures += 1
      await sleep(clock, retryPause(failures, random()), stopping.signal)
    }
    marking = false
    beginNext()
  }

  function returnHeld(runs: readonly ActiveRun[]): void {
    for (const _ of runs) lane.release()
    giveBack(runs)
  }

  function begin(active: ActiveRun, started: StartedRun): void {
    void execute(active, started).then((execution) => {
      marks.ended(active)
      claimSize.ended()
      // Its slot is free though its end is not written yet.
      lane.release()
      onExecuted(active, execution)
      beginNext()
    })
  }

  return {
    get wanted() {
      const isBusy = queue.size > 0 || (marking && failures > 0) || stopping.signal.aborted
      return isBusy ? 0 : claimSize.next(lane.free, clock.monotonic())
    },
    take: (runs) => {
      if (stopping.signal.aborted) {
        giveBack(runs)
        return
      }
      takenAt = clock.monotonic()
      claimSize.claimed(runs.length, takenAt)
      queue.add(runs)
      cancelReturn()
      cancelReturn = clock.after(longestWaitMs, () => giveBack(queue.clear()))
      beginNext()
    },
    beginNext,
    stop: () => {
      stopping.abort()
      cancelReturn()
      giveBack(queue.clear())
    },
  }
}
