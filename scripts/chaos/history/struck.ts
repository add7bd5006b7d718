import type { Injection } from '../faults/inject-faults.js'
import type { Hold } from './holds.js'

/** What a fault leaves behind takes this long to pass: connections are made again, what was kept is written. */
const aftermathMs = 5_000

/** Whether a fault struck a process, of itself or with everybody. */
export const strikes = ({ fault, program }: Injection, label: string): boolean =>
  fault.reach === 'database' || program === label

/** The injections that struck the holder of a run while it held it, or shortly before. */
export function strikesOn(
  { program, claimedAt, end }: Hold,
  injections: readonly Injection[],
): readonly Injection[] {
  return injections.filter(
    (injection) =>
      strikes(injection, program) &&
      injection.at <= (end?.at ?? Infinity) &&
      injection.until + aftermathMs >= claimedAt,
  )
}

/** Whether what struck the holder can have cost it its lease, or its connections. */
export const wasHarmed = (hold: Hold, injections: readonly Injection[]): boolean =>
  strikesOn(hold, injections).some(({ fault }) => fault.harm === 'loses leases')
