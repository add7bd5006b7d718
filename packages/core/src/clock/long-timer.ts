/** The longest delay a timer of Node takes, milliseconds: about 24 days. A longer one would fire at once. */
export const longestTimerMs = 2_147_483_647

/** Where short delays come from. */
interface Timers {
  monotonic(): number
  after(ms: number, callback: () => void): () => void
}

/**
 * Makes delays of any length out of timers that take at most `longestTimerMs`.
 *
 * @param timers where those come from; their `after` need take no longer delay.
 */
export function longTimer(timers: Timers): Timers['after'] {
  return (ms, callback) => {
    const dueAt = timers.monotonic() + ms
    const arm = (left: number): (() => void) =>
      left > longestTimerMs
        ? timers.after(longestTimerMs, () => {
            cancel = arm(dueAt - timers.monotonic())
          })
        : timers.after(Math.max(left, 0), callback)
    let cancel = arm(ms)
    return () => {
      cancel()
    }
  }
}
