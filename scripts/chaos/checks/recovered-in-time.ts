import { findingOf, type Finding } from '../../endurance/finding.js'
import type { Injection } from '../faults/inject-faults.js'
import type { Aftermath } from '../history/recovery.js'

/** What another fault that comes in between may add beyond its own length, milliseconds: it must be recovered from, too. */
const ownRecoveryMs = 5_000

/** Whether every trouble that has a limit was over within it. Faults that came in between have time of their own. */
export function recoveredInTime(aftermaths: readonly Aftermath[]): Finding {
  const injections = aftermaths.map(({ injection }) => injection)
  let judged = 0
  let disturbed = 0
  const faults = aftermaths.flatMap(({ injection, recoveryMs }) => {
    const { fault, program, at } = injection
    const limitMs = fault.recovery.limitMs
    if (limitMs === null || recoveryMs === null) return []
    judged += 1
    if (recoveryMs <= limitMs) return []
    const addedMs = addedBy(injections, injection, recoveryMs)
    if (addedMs > 0) disturbed += 1
    if (recoveryMs <= limitMs + addedMs) return []
    const whose = program === null ? '' : ` of ${program}`
    return [
      `${fault.name}${whose} at ${new Date(at).toISOString()} took ${recoveryMs.toFixed(0)} ms, more than ${limitMs} and ${addedMs.toFixed(0)} for other faults`,
    ]
  })
  return findingOf(
    `All ${judged} recoveries that have a limit were within it, or for ${disturbed} of them within what other faults added`,
    faults,
  )
}

function addedBy(injections: readonly Injection[], judged: Injection, recoveryMs: number): number {
  const begin = judged.at
  const end = judged.until + recoveryMs
  return injections
    .filter((other) => other !== judged && other.fault.harm === 'loses leases')
    .filter(({ at, until }) => at < end && until + ownRecoveryMs > begin)
    .reduce(
      (sum, { at, until }) => sum + Math.max(0, Math.min(until, end) - Math.max(at, begin)) + ownRecoveryMs,
      0,
    )
}
