import type { JsonObject, Outcome } from '@sisy/core/internal'

/** Counts how runs ended, for the worker's row. */
export interface RunTally {
  count(kind: Outcome['kind']): void
  /** Runs by outcome since the worker started. */
  figures(): JsonObject
}

export function createRunTally(): RunTally {
  const counts = new Map<Outcome['kind'], number>()
  return {
    count: (kind) => {
      counts.set(kind, (counts.get(kind) ?? 0) + 1)
    },
    figures: () => ({ runs: Object.fromEntries(counts) }),
  }
}
