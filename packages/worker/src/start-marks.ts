import { createLoop, type Clock, type Loop, type StartedRun, type Store } from '@sisy/core/internal'
import type { ActiveRun } from './active-run.js'
import { cancelled } from './run-pipeline.js'

/** Writes when runs began. */
export interface StartMarks extends Loop {
  /** Marks runs that are about to begin. @returns those that may; the others are lost, or held by another transaction. */
  mark(runs: readonly ActiveRun[], now: Date): Promise<ReadonlyMap<string, StartedRun>>
  /** User code of a run began that is not marked. */
  begun(active: ActiveRun): void
  /** It ended. Its end tells when it began. */
  ended(active: ActiveRun): void
}

export interface StartMarksOptions {
  readonly store: Store
  readonly clock: Clock
  readonly onTrouble: (error: unknown) => void
  readonly onRecovery: () => void
  readonly random: () => number
}

/** A run that goes on for so long is marked, milliseconds: most have ended before, and a mark costs as much as an end. */
const markAfterMs = 50

/** What another transaction holds is marked after this, milliseconds. */
const heldPauseMs = 1_000

/**
 * A run whose worker dies counts as tried when it is marked. The first claim of a one-shot begins without a mark, which
 * follows if it does not end soon: should its worker die in between, that attempt is not counted, and the next claim,
 * which is not the first, is marked before it begins. So no run that kills its worker escapes being counted.
 */
export function createStartMarks({ store, clock, ...loopOptions }: StartMarksOptions): StartMarks {
  /** With when to mark them, by `monotonic()`. */
  const unmarked = new Map<ActiveRun, number>()
  let resting = false

  async function mark(runs: readonly ActiveRun[], now: Date): Promise<ReadonlyMap<string, StartedRun>> {
    const started = await store.startRuns(
      runs.map(({ run: { id }, leaseToken, startedAt }) => ({
        id,
        leaseToken,
        startedAt: startedAt ?? now,
      })),
    )
    return new Map(started.map((run) => [run.id, run]))
  }

  async function markOverdue(): Promise<void> {
    const now = clock.monotonic()
    const overdue = [...unmarked].flatMap(([active, markAt]) => (markAt <= now ? [active] : []))
    if (overdue.length === 0) return
    const marked = await mark(overdue, clock.now())
    for (const active of overdue) {
      const started = marked.get(active.run.id)
      // Lost, which its renewal finds, or held by another transaction; unless it has ended meanwhile.
      if (started === undefined && unmarked.has(active)) unmarked.set(active, now + heldPauseMs)
      if (started !== undefined) unmarked.delete(active)
      if (started?.cancelRequested === true) active.abort.abort(cancelled(active.run.id))
    }
  }

  function isOverdue(): boolean {
    const now = clock.monotonic()
    for (const markAt of unmarked.values()) if (markAt <= now) return true
    return false
  }

  const loop = createLoop({
    clock,
    turn: async () => {
      await markOverdue()
      resting = unmarked.size === 0
      if (resting) return Infinity
      // Those that became overdue meanwhile do not wait; else they gather.
      return isOverdue() ? 0 : markAfterMs
    },
    ...loopOptions,
  })

  return {
    ...loop,
    mark,
    begun: (active) => {
      unmarked.set(active, clock.monotonic() + markAfterMs)
      if (resting) {
        resting = false
        loop.wake()
      }
    },
    ended: (active) => {
      unmarked.delete(active)
    },
  }
}
