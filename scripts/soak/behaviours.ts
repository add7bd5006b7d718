/** What runs of one callable do, and what must become of them. */
export interface Behaviour {
  /** How many of a hundred runs. */
  readonly share: number
  readonly maxAttempts: number
  readonly timeoutSeconds?: number
  /** How every attempt that fails is recorded; null when none fails. */
  readonly failure: Failure | null
}

/** The members that an entry of the attempt log has. */
export interface Failure {
  readonly cause: string
  readonly exitCode?: number
  readonly signal?: string
}

/** The callables of `app/callables.mjs`: eighty of a hundred runs behave, twenty do not. */
export const behaviours: Readonly<Record<string, Behaviour>> = {
  quick: { share: 50, maxAttempts: 1, failure: null },
  pause: { share: 20, maxAttempts: 1, failure: null },
  compute: { share: 10, maxAttempts: 1, failure: null },
  flood: { share: 2, maxAttempts: 1, failure: null },
  throwing: { share: 4, maxAttempts: 2, failure: { cause: 'error' } },
  exiting: { share: 2, maxAttempts: 1, failure: { cause: 'crashed', exitCode: 7 } },
  aborting: { share: 2, maxAttempts: 1, failure: { cause: 'crashed', signal: 'SIGABRT' } },
  uncaught: { share: 2, maxAttempts: 1, failure: { cause: 'crashed', exitCode: 1 } },
  looping: { share: 1, maxAttempts: 1, timeoutSeconds: 2, failure: { cause: 'timeout' } },
  hanging: { share: 1, maxAttempts: 1, timeoutSeconds: 2, failure: { cause: 'timeout' } },
  leaking: { share: 1, maxAttempts: 1, failure: { cause: 'memory' } },
  bursting: { share: 1, maxAttempts: 1, failure: { cause: 'memory' } },
  killed: { share: 2, maxAttempts: 2, failure: { cause: 'crashed', signal: 'SIGKILL' } },
  unstorable: { share: 2, maxAttempts: 3, failure: { cause: 'discard' } },
}

/** A hundred callables as their shares are, well mixed: the same kind of trouble does not come in a row. */
export function mixedCallables(): string[] {
  const all = Object.entries(behaviours).flatMap(([name, { share }]) => Array<string>(share).fill(name))
  // Steps of a number that has no divisor in common with a hundred meet each one once.
  return all.map((_, index) => all[(index * 37) % all.length] ?? '')
}
