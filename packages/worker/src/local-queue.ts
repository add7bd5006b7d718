import type { ActiveRun } from './active-run.js'

/** Claimed runs that wait for a slot: for a moment only, the first to come first. */
export interface LocalQueue {
  readonly size: number
  add(runs: readonly ActiveRun[]): void
  /** The one that is next; undefined when none waits. */
  peek(): ActiveRun | undefined
  /** Takes that one out. */
  shift(): ActiveRun | undefined
  /** Takes out all. */
  clear(): ActiveRun[]
}

export function createLocalQueue(): LocalQueue {
  let runs: ActiveRun[] = []
  /** Where the next one stands: taking it off the array's begin would move all others. */
  let next = 0
  const rest = (): ActiveRun[] => runs.slice(next)
  return {
    get size() {
      return runs.length - next
    },
    add: (more) => {
      runs = [...rest(), ...more]
      next = 0
    },
    peek: () => runs[next],
    shift: () => runs[next++],
    clear: () => {
      const left = rest()
      runs = []
      next = 0
      return left
    },
  }
}
