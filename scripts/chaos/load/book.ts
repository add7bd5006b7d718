/** What the producer knows of what it did; what it got no answer to stands nowhere. */
export interface Book {
  /** Runs whose enqueue was committed. */
  readonly committed: Set<string>
  /** Runs of transactions that were rolled back on purpose. */
  readonly rolledBack: Set<string>
  /** Tasks with iterations, and how many they had. */
  readonly iterations: Map<string, number>
  /** How often a unique key was taken already. */
  refused: number
  /** How often the database gave an error, or no answer. */
  unanswered: number
}

export function openBook(): Book {
  return { committed: new Set(), rolledBack: new Set(), iterations: new Map(), refused: 0, unanswered: 0 }
}
