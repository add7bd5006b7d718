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
  const textOf = uuidText()
  return (now) => textOf(generator.generateOrResetWithTs(now.getTime()).bytes)
}

const digits = Buffer.from('0123456789abcdef')
/** Where the two digits of each byte stand. */
const places = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34]

/**
 * Writes a UUID in one piece. One that is put together digit by digit, as the library does it, takes 800 bytes until
 * something reads it, and seven times as long to make.
 */
function uuidText(): (bytes: Uint8Array) => string {
  const text = Buffer.alloc(36, '-')
  return (bytes) => {
    for (const [n, place] of places.entries()) {
      const byte = bytes[n] ?? 0
      text[place] = digits[byte >>> 4] ?? 0
      text[place + 1] = digits[byte & 15] ?? 0
    }
    return text.toString('latin1')
  }
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
