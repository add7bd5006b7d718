import { sleep, type Clock } from '../clock/clock.js'
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
  /** One turn. @returns milliseconds to pause, unless woken. */
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
  const stopping = new AbortController()
  const isStopping = (): boolean => stopping.signal.aborted
  /** Aborted to end the coming pause, also while the turn before it is under way. */
  let pause = new AbortController()
  let running: Promise<void> | undefined
  let failures = 0

  async function pauseAfterTurn(): Promise<number> {
    try {
      const ms = await turn()
      if (failures > 0) onRecovery()
      failures = 0
      return ms
    } catch (error) {
      if (failures === 0) onTrouble(error)
      failures += 1
      pause = new AbortController()
      return Math.min(longestPauseMs, retryPause(failures, random()))
    }
  }

  async function run(): Promise<void> {
    while (!isStopping()) {
      pause = new AbortController()
      const ms = await pauseAfterTurn()
      if (!isStopping()) await sleep(clock, ms, pause.signal)
    }
  }

  return {
    start: () => {
      running ??= run()
    },
    wake: () => {
      // Whatever there is to do, a database in trouble is given its time.
      if (failures === 0 && !pause.signal.aborted) pause.abort()
    },
    stop: async () => {
      stopping.abort()
      pause.abort()
      await running
    },
  }
}
