import type { MemorySample } from '../watch-programs.js'
import type { Finding } from '../../endurance/finding.js'
import { slopeOf } from './least-squares.js'

/** What comes before is warming up, minutes. */
const warmUpMinutes = 2
/** Fewer samples draw no line. */
const fewestSamples = 12
/** By how much of its mean the memory may rise from the first sample to the last: a heap comes and goes that much. */
const mostRise = 0.1

/** Whether a worker's own memory stays where it is while its children crash and leak. */
export function memoryFlat(name: string, samples: readonly MemorySample[]): Finding {
  const warm = samples.filter(({ minute }) => minute >= warmUpMinutes)
  const first = warm[0]
  const last = warm.at(-1)
  if (first === undefined || last === undefined || warm.length < fewestSamples)
    return { verdict: 'unknown', text: `Memory of ${name}: the soak was too short to tell` }
  const perMinute = slopeOf(warm.map(({ minute, megabytes }) => ({ x: minute, y: megabytes })))
  const mean = warm.reduce((sum, { megabytes }) => sum + megabytes, 0) / warm.length
  const rise = perMinute * (last.minute - first.minute)
  const range = `${first.megabytes.toFixed(0)} MB at first, ${last.megabytes.toFixed(0)} MB at last`
  const text = `Memory of ${name} is flat: ${(perMinute * 60).toFixed(1)} MB per hour, mean ${mean.toFixed(0)} MB (${range})`
  if (rise <= mostRise * mean) return { verdict: 'ok', text }
  return {
    verdict: 'FAILED',
    text: `${text}; it rose by ${rise.toFixed(0)} MB, more than a tenth of its mean`,
  }
}
