import { randomFillSync } from 'node:crypto'
import { V7Generator } from 'uuidv7'

/** Makes the id of a run, a UUID version 7 of an instant. */
export type NewRunId = (now: Date) => string

/**
 * Makes the ids of runs, so that the primary key grows in the order of time: those of one maker ascend, also while the
 * clock stands still or goes back a little. To be kept, for random numbers are fetched ahead.
 */
export function createRunIds(): NewRunId {
  const generator = new V7Generator({ nextUint32: randomWords() })
  return (now) => generator.generateOrResetWithTs(now.getTime()).toString()
}

/** How many random numbers are fetched at first, and later: each fetch takes longer than all else an id does. */
const [first, further] = [8, 1024]

function randomWords(): () => number {
  let words = randomFillSync(new Uint32Array(first))
  let next = 0
  return () => {
    if (next === words.length) {
      words = randomFillSync(words.length === further ? words : new Uint32Array(further))
      next = 0
    }
    return words[next++] ?? 0
  }
}
