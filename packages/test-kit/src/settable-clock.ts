import type { Clock } from '@sisy/core/internal'

/** A clock that stands still until it is set. */
export interface SettableClock extends Clock {
  /** How many callbacks are waited for. */
  readonly pending: number
  /** Moves the wall clock and monotonic time on together, calling back what comes due, in order. */
  advance(ms: number): void
  /** Moves the wall clock to an instant; forward also moves monotonic time, back leaves it. */
  set(instant: Date | string): void
}

export function settableClock(start: Date | string): SettableClock {
  let now = new Date(start).getTime()
  let monotonic = 0
  let timers: { readonly at: number; readonly callback: () => void }[] = []

  function advance(ms: number): void {
    now += ms
    monotonic += ms
    const due = timers.filter(({ at }) => at <= monotonic).sort((a, b) => a.at - b.at)
    timers = timers.filter((timer) => !due.includes(timer))
    for (const { callback } of due) callback()
  }

  return {
    now: () => new Date(now),
    monotonic: () => monotonic,
    after: (ms, callback) => {
      const timer = { at: monotonic + ms, callback }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
    get pending() {
      return timers.length
    },
    advance,
    set: (instant) => {
      const ms = new Date(instant).getTime() - now
      if (ms >= 0) advance(ms)
      else now += ms
    },
  }
}
