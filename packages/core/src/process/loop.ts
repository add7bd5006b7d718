import { sleep, type Clock } from '../clock/clock.js'

/** What repeats until it is stopped. */
export interface Loop {
  start(): void
  /** Ends the current pause, or makes the turn under way be followed by another at once. */
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
  /** Between 0 and 1; spreads the pauses of several processes in the same trouble. */
  readonly random: () => number
}

const firstPauseMs = 250
const longestPauseMs = 10_000

/** Repeats a turn; a failing one is repeated after an exponential, jittered pause and never ends the loop. */
export function createLoop({ clock, turn, onTrouble, onRecovery, random }: LoopOptions): Loop {
  const stopped = new AbortController()
  let running: Promise<void> | undefined
  let pause: AbortController | undefined
  let woken = false
  let failures = 0

  async function nextPause(): Promise<number> {
    try {
      const ms = await turn()
      if (failures > 0) onRecovery()
      failures = 0
      return ms
    } catch (error) {
      if (failures === 0) onTrouble(error)
      failures += 1
      woken = false
      const bound = Math.min(longestPauseMs, firstPauseMs * 2 ** (failures - 1))
      return bound * (0.5 + random() / 2)
    }
  }

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      woken = false
      const ms = await nextPause()
      if (woken || stopped.signal.aborted) continue
      pause = new AbortController()
      await sleep(clock, ms, pause.signal)
      pause = undefined
    }
  }

  return {
    start: () => {
      running ??= run()
    },
    wake: () => {
      woken = true
      pause?.abort()
    },
    stop: async () => {
      stopped.abort()
      pause?.abort()
      await running
    },
  }
}
