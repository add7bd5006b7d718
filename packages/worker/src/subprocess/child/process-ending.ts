import type { PoolClock } from '../pool-clock.js'
import type { ChildEndCause } from '../pool-outcome.js'
import type { ChildLink } from './spawn-child.js'

/** The ways to end a child process, and why it was ended. */
export interface ProcessEnding {
  /** Asks it to tear down and exit; kills it if it takes longer than the grace period. */
  inOrder(cause: ChildEndCause): void
  /** SIGTERM, which user code may handle to end in order, and SIGKILL a moment later. */
  terminate(cause: ChildEndCause): void
  kill(cause: ChildEndCause): void
  /** The process has ended. @returns why: as is said unless it was ended from here. */
  ended(otherwise: 'crashed' | 'expired'): ChildEndCause
}

/** Between SIGTERM and SIGKILL, milliseconds. */
const killDelayMs = 500

export function createProcessEnding(
  link: Pick<ChildLink, 'send' | 'signal'>,
  { clock, graceMs }: { readonly clock: PoolClock; readonly graceMs: number },
): ProcessEnding {
  let asked: ChildEndCause | null = null
  let killed: ChildEndCause | null = null
  const timers: (() => void)[] = []

  function killAfter(ms: number): void {
    timers.push(
      clock.after(ms, () => {
        link.signal('SIGKILL')
      }),
    )
  }

  return {
    inOrder: (cause) => {
      if (asked !== null || killed !== null) return
      asked = cause
      link.send({ kind: 'end' })
      killAfter(graceMs)
    },
    terminate: (cause) => {
      if (killed !== null) return
      killed = cause
      link.send({ kind: 'terminate' })
      link.signal('SIGTERM')
      killAfter(killDelayMs)
    },
    kill: (cause) => {
      killed ??= cause
      link.signal('SIGKILL')
    },
    ended: (otherwise) => {
      for (const cancel of timers) cancel()
      return killed ?? asked ?? otherwise
    },
  }
}
