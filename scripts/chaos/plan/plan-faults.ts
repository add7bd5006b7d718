import { randomStream, shuffled, wholeBetween } from './random.js'

/** One injection that is to be. */
export interface PlannedFault {
  /** Since the load began, milliseconds. */
  readonly atMs: number
  /** The fault's name. */
  readonly fault: string
  /** Seed of what the fault chooses: its target, for one. */
  readonly seed: number
}

export interface PlanOptions {
  readonly seed: number
  readonly faults: readonly string[]
  /** How often each fault is injected. */
  readonly rounds: number
  /** Between two injections, milliseconds. */
  readonly gapMs: number
}

/** Every fault once in each round, in another order each time. The same for the same options. */
export function planFaults({ seed, faults, rounds, gapMs }: PlanOptions): PlannedFault[] {
  const random = randomStream(seed, 'plan')
  const order = Array.from({ length: rounds }, () => shuffled(random, faults)).flat()
  return order.map((fault, index) => ({
    atMs: (index + 1) * gapMs,
    fault,
    seed: wholeBetween(random, 0, 2 ** 31),
  }))
}
