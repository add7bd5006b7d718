import { createLoop, type Clock, type Loop, type StartedRun, type Store } from '@sisy/core/internal'
import { whileLocking, type ActiveRun } from './active-run.js'
import type { HeldRuns } from './active-runs.js'
import { cancelled } from './run-pipeline.js'

/** Writes when runs began. */
export interface StartMarks extends Loop {
  /** Marks runs that are about to begin. @returns those that may; the others are lost, or held by another transaction. */
  mark(runs: readonly ActiveRun[], now: Date): Promise<ReadonlyMap<string, StartedRun>>
  /** User code of a run began that is not marked. */
  begun(run: ActiveRun): void
  /** It ended. Its end tells when it began. */
  ended(run: ActiveRun): void
}

export interface StartMarksOptions {
  readonly store: Store
  readonly clock: Clock
  /** The runs that are held at this moment. */
  readonly active: HeldRuns
  readonly onTrouble: (error: unknown) => void
  readonly onRecovery: () => void
  readonly random: () => number
}

/** A run that goes on for so long is marked, milliseconds: most have ended before, and a mark costs as much as an end. */
const markAfterMs = 50

/** What another transaction holds is marked after this, milliseconds. */
const heldPauseMs = 1_000

/**
 * A run whose worker dies counts as tried when it is marked. What is claimed for the first time begins without one, which
 * follows if it does not end soon: should its worker die in between, that attempt is not counted, and the next claim,
 * which is not the first, is marked before it begins. So no run that kills its worker escapes being counted.
 */
export function createStartMarks({ store, clock, active, ...loopOptions }: StartMarksOptions): StartMarks {
  let resting = false

  async function mark(runs: readonly ActiveRun[], now: Date): Promise<ReadonlyMap<string, StartedRun>> {
    const starts = runs.map(({ run: { id }, leaseToken, startedAt }) => ({
      id,
      leaseToken,
      startedAt: startedAt ?? now,
    }))
    const started = await whileLocking(runs, () => store.startRuns(starts))
    return new Map(started.map((run) => [run.id, run]))
  }

  async function markOverdue(): Promise<void> {
    const now = clock.monotonic()
    const overdue = [...active].filter(({ markAt }) => markAt <= now)
    if (overdue.length === 0) return
    const marked = await mark(overdue, clock.now())
    for (const run of overdue) {
      const started = marked.get(run.run.id)
      // Lost, which its renewal finds, or held by another transaction; unless it has ended meanwhile.
      if (run.markAt !== Infinity) run.markAt = started === undefined ? now + heldPauseMs : Infinity
      if (started?.cancelRequested === true) run.abort.abort(cancelled(run.run.id))
    }
  }

  /** `monotonic()` at which the next is to be marked. */
  function nextMarkAt(): number {
    let nearest = Infinity
    for (const { markAt } of active) if (markAt < nearest) nearest = markAt
    return nearest
  }

  const loop = createLoop({
    clock,
    turn: async () => {
      await markOverdue()
      const nextAt = nextMarkAt()
      resting = nextAt === Infinity
      if (resting) return Infinity
      // Those that became overdue meanwhile do not wait; else they gather.
      return nextAt <= clock.monotonic() ? 0 : markAfterMs
    },
    ...loopOptions,
  })

  return {
    ...loop,
    mark,
    begun: (run) => {
      run.markAt = clock.monotonic() + markAfterMs
      if (resting) {
        resting = false
        loop.wake()
      }
    },
    ended: (run) => {
      run.markAt = Infinity
    },
  }
}
