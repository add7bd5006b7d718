import { longTimer } from './long-timer.js'

/** Where code gets time from. Tests give one they set by hand. */
export interface Clock {
  /** The current instant. */
  now(): Date
  /** Milliseconds since some fixed moment; never goes back, whatever happens to the wall clock. */
  monotonic(): number
  /**
   * Calls back once, after a delay.
   *
   * @param ms milliseconds of monotonic time; negative counts as 0, and Infinity never comes.
   * @returns cancels the call; harmless afterwards.
   */
  after(ms: number, callback: () => void): () => void
}

const monotonic = (): number => performance.now()

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => new Date(),
  monotonic,
  after: longTimer({
    monotonic,
    after: (ms, callback) => {
      const timer = setTimeout(callback, ms)
      return () => {
        clearTimeout(timer)
      }
    },
  }),
}

/** Resolves after a delay, or as soon as the signal is aborted. */
export async function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return
  await new Promise<void>((resolve) => {
    const wake = (): void => {
      cancel()
      signal?.removeEventListener('abort', wake)
      resolve()
    }
    const cancel = clock.after(ms, wake)
    signal?.addEventListener('abort', wake, { once: true })
  })
}
