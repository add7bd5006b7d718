import { oneOf, wholeBetween, type Random } from '../plan/random.js'

/** A callable of the app, and the options of one run of it. */
export interface RunToDo {
  readonly callable: string
  readonly options: object
}

/** Of a hundred runs, so many of each. */
const shares = {
  quick: 14,
  completing: 8,
  medium: 32,
  throwing: 12,
  saving: 14,
  long: 10,
  snoozing: 5,
  discarding: 5,
} as const
type Callable = keyof typeof shares
const deck = Object.entries(shares).flatMap(([name, share]) => Array<Callable>(share).fill(name as Callable))

/** So many that faults do not use them up. */
export const manyAttempts = { maxAttempts: 20, backoff: { baseMs: 100, maxMs: 500 } }

export function runToDo(random: Random): RunToDo {
  const callable = oneOf(random, deck)
  const attempts = random() < 0.2 ? { maxAttempts: 1 } : manyAttempts
  return { callable, options: { ...attempts, userdata: userdataOf(callable, random) } }
}

/** `long` goes on for longer than a lease. */
function userdataOf(callable: Callable, random: Random): object {
  switch (callable) {
    case 'completing':
      return { ms: wholeBetween(random, 0, 500) }
    case 'medium':
      return { ms: wholeBetween(random, 200, 2_000) }
    case 'long':
      return { ms: wholeBetween(random, 6_000, 9_000) }
    case 'throwing':
      return { ms: wholeBetween(random, 50, 500), throws: wholeBetween(random, 1, 2) }
    case 'quick':
    case 'saving':
    case 'snoozing':
    case 'discarding':
      return {}
  }
}
