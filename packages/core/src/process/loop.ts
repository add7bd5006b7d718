import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../clock/clock.js'
import { retryPause } from './retry-pause.js'

/** What repeats until it is stopped. */
export interface Loop {
  start(): void
  /** Ends the current pause, unless it follows a failure, or makes the turn under way be followed by another at once. */
  wake(): void
  /** Resolves when the turn under way has ended. Safe unstarted and twice. */
  stop(): Promise<void>
}

export interface LoopOptions {
  readonly clock: Clock
  /** One turn. @returns milliseconds to pause, unless woken; 0 for another turn as soon as others have had theirs. */
  readonly turn: () => Promise<number>
  /** Called once when turns begin to fail; the loop goes on with growing pauses. */
  readonly onTrouble: (error: unknown) => void
  /** Called once when a turn succeeds again. */
  readonly onRecovery: () => void
  /** The longest pause after a failure, milliseconds. Default: that of `retryPause`. */
  readonly longestPauseMs?: number
  /** Between 0 and 1; spreads the pauses of several processes in the same trouble. */
  readonly random: () => number
}

/** Repeats a turn; a failing one is repeated after an exponential, jittered pause and never ends the loop. */
export function createLoop({
  clock,
  turn,
  onTrouble,
  onRecovery,
  longestPauseMs = Infinity,
  random,
}: LoopOptions): Loop {
  let stopping = false
  /** Woken since the turn under way began. */
  let woken = false
  let endPause = (): void => undefined
  let running: Promise<void> | undefined
  let failures = 0

  const mayPause = (): boolean => !stopping && !woken

  async function pauseAfterTurn(): Promise<number> {
    try {
      const ms = await turn()
      if (failures > 0) onRecovery()
      failures = 0
      return ms
    } catch (error) {
      if (failures === 0) onTrouble(error)
      failures += 1
      woken = false
      return Math.min(longestPauseMs, retryPause(failures, random()))
    }
  }

  // Without an AbortSignal: its event takes longer than all else between a wake-up and what it is for.
  function pause(ms: number): Promise<void> {
    if (ms <= 0) return setImmediate()
    return new Promise((resolve) => {
      const cancel = clock.after(ms, resolve)
      endPause = () => {
        cancel()
        resolve()
      }
    })
  }

  async function run(): Promise<void> {
    while (!stopping) {
      woken = false
      const ms = await pauseAfterTurn()
      if (mayPause()) await pause(ms)
    }
  }

  return {
    start: () => {
      running ??= run()
    },
    wake: () => {
      woken = true
      // Whatever there is to do, a database in trouble is given its time.
      if (failures === 0) endPause()
    },
    stop: async () => {
      stopping = true
      endPause()
      await running
    },
  }
}
