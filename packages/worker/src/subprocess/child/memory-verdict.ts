/** What to do about the memory of a child. */
export type MemoryVerdict =
  | 'fine'
  /** Over `maxMemory` during a run. */
  | 'kill'
  /** Over `recycleMemory`: no new runs; those it has may end. */
  | 'recycle'
  /** Over `recycleMemory` before it has run anything: a new process would hold as much. */
  | 'tight'

export interface MemoryLimits {
  /** Bytes; null means none. */
  readonly maxMemory: number | null
  readonly recycleMemory: number | null
}

/** What is known of a child's memory. */
export interface ChildMemoryFacts {
  /** Resident memory now, bytes. */
  readonly residentBytes: number
  /** The most it held before it ran anything, bytes. */
  readonly freshBytes: number
  readonly hasRun: boolean
  /** How many runs it has now. */
  readonly running: number
}

/** A child that was over `recycleMemory` from the start is replaced when it holds so many times what it held then. */
const tightGrowth = 1.5

export function memoryVerdict(child: ChildMemoryFacts, limits: MemoryLimits): MemoryVerdict {
  const { residentBytes, freshBytes, hasRun, running } = child
  const { maxMemory, recycleMemory } = limits
  if (maxMemory !== null && residentBytes > maxMemory && running > 0) return 'kill'
  if (recycleMemory === null || residentBytes <= recycleMemory || running > 0) return 'fine'
  if (!hasRun) return 'tight'
  // Replacing it after every run would gain nothing.
  if (freshBytes > recycleMemory && residentBytes <= freshBytes * tightGrowth) return 'fine'
  return 'recycle'
}
