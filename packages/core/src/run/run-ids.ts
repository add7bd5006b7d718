import { randomFillSync } from 'node:crypto'
import { V7Generator } from 'uuidv7'

/**
 * Makes UUIDs version 7 for runs, so that the primary key grows in the order of time; those of one maker ascend.
 *
 * @returns a function that makes the next one.
 */
export function runIds(now: Date): () => string {
  const generator = new V7Generator({ nextUint32: randomWords() })
  const ms = now.getTime()
  return () => generator.generateOrResetWithTs(ms).toString()
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
