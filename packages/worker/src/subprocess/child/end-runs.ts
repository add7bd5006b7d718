import type { HeldRun } from '../held-run.js'
import { endedRun, type ChildEndFacts } from './child-runs.js'
import type { ChildEvents } from './child.js'
import { outcomeIfBegun, outcomeOfExit, type ChildEnd } from './outcome-of-exit.js'

export interface EndedWith {
  readonly end: ChildEnd
  readonly maxMemory: number | null
  readonly facts: ChildEndFacts
  readonly on: Pick<ChildEvents, 'run' | 'missed'>
}

/** Tells how the runs ended whose process has ended, and which of them had not begun. */
export function endRuns(held: readonly HeldRun[], { end, maxMemory, facts, on }: EndedWith): void {
  for (const run of held) {
    const outcome = outcomeOfExit(run, end, maxMemory)
    if (outcome !== null) on.run(run, endedRun(run, outcome, facts))
    else on.missed(run, endedRun({ ...run, begun: true }, outcomeIfBegun(run, end, maxMemory), facts))
  }
}
