import type { FromChild } from '../channel/messages.js'
import type { ChildEnd } from './outcome-of-exit.js'
import type { ProcessEnd } from './spawn-child.js'
import { errorOf, fromThrown } from '../channel/thrown.js'

/** What a child says about its own end before it dies. */
export interface LastWords {
  note(message: Extract<FromChild, { kind: 'unready' | 'uncaught' | 'exiting' }>): void
  /** It did not get ready in time. */
  noteLateness(ms: number): void
  readonly isLate: boolean
  /** It went on: an exception that user code caught after all did not end it. */
  forget(): void
  /** What is known of its end besides how its process ended. */
  of(how: ProcessEnd): Pick<ChildEnd, 'culprit' | 'uncaught' | 'error'>
}

export function createLastWords(): LastWords {
  let startError: Error | undefined
  let isLate = false
  let culprit: number | null = null
  let uncaught: ChildEnd['uncaught'] = null
  return {
    note: (message) => {
      switch (message.kind) {
        case 'unready':
          startError = errorOf(fromThrown(message.error))
          break
        case 'uncaught':
          culprit = message.run
          uncaught = { thrown: fromThrown(message.thrown) }
          break
        case 'exiting':
          if (uncaught === null) culprit = message.run
          break
      }
    },
    noteLateness: (ms) => {
      isLate = true
      startError = new Error(`it was not ready after ${ms / 1000} s`)
    },
    get isLate() {
      return isLate
    },
    forget: () => {
      culprit = uncaught = null
    },
    of: (how) => {
      const error = how.error ?? startError
      return { culprit, uncaught, ...(error !== undefined && { error }) }
    },
  }
}
