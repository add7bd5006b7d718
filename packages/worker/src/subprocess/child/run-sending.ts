import type { SentRun } from '../channel/messages.js'
import type { HeldRun } from '../held-run.js'
import type { PoolClock } from '../pool-clock.js'

/** Counts the runs that are sent to a child. */
export interface RunSending {
  /** Whether any was. */
  readonly any: boolean
  /** How many more it may have in its life; Infinity when that is not limited. */
  readonly left: number
  /** Counts a run. @returns the message that sends it. @param until until when it may begin, if that is limited. */
  next(run: HeldRun, until?: number): SentRun
}

export interface RunSendingOptions {
  readonly clock: PoolClock
  readonly pid: number
  readonly maxRunsPerChild: number | null
}

export function createRunSending({ clock, pid, maxRunsPerChild }: RunSendingOptions): RunSending {
  let sent = 0
  return {
    get any() {
      return sent > 0
    },
    get left() {
      return (maxRunsPerChild ?? Infinity) - sent
    },
    next: (run, until) => {
      const { number, name, value } = run
      sent += 1
      run.sent = { at: clock.monotonic(), pid, sequence: sent }
      run.measured = run.measuredPeak = null
      return { run: number, sequence: sent, name, value, until }
    },
  }
}
