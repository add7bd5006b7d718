import { createHash } from 'node:crypto'

/** Numbers from 0 up to, not including, 1. */
export type Random = () => number

/** A stream of numbers that is the same for the same seed; streams of different names have nothing in common. */
export function randomStream(seed: number, name: string): Random {
  let count = 0
  return () => {
    count += 1
    const digest = createHash('sha256').update(`${seed} ${name} ${count}`).digest()
    return digest.readUInt32BE(0) / 2 ** 32
  }
}

/** A number from `least` up to `most`, whole. */
export function wholeBetween(random: Random, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1))
}

/** One of the values. @throws Error when there is none. */
export function oneOf<T>(random: Random, values: readonly T[]): T {
  const value = values[Math.floor(random() * values.length)]
  if (value === undefined) throw new Error('There is nothing to choose from.')
  return value
}

/** The values in another order. */
export function shuffled<T>(random: Random, values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ value }) => value)
}
