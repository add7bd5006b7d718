import type { Child } from './child/child.js'
import { measureProcess } from './measure/measure-process.js'
import type { Measurement } from './measure/measurement.js'
import type { PoolClock } from './pool-clock.js'

export interface WatchOptions {
  readonly clock: PoolClock
  readonly memoryCheckIntervalMs: number
  /** The children there are at this moment. */
  readonly children: () => readonly Child[]
  readonly onMeasured: (child: Child, measurement: Measurement) => void
}

/** How often each child's event loop is asked whether it answers, milliseconds. */
const askEveryMs = 1_000
/** Only every so many times are those measured that have no runs. */
const idleTurns = 5

/** Watches all children while there are any: whether their event loops answer, and what they use. */
export function watchChildren({
  clock,
  memoryCheckIntervalMs,
  children,
  onMeasured,
}: WatchOptions): Disposable {
  let askedAt = clock.monotonic()
  let measurements = 0
  let over = false

  function ask(): void {
    const now = clock.monotonic()
    // A supervisor that was stopped or busy itself has not read the answers yet.
    const heldUp = now - askedAt > 2 * askEveryMs
    for (const child of children()) child.watch(now, heldUp ? 'forgive' : 'insist')
    askedAt = now
    cancelAsking = clock.after(askEveryMs, ask)
  }

  async function measure(): Promise<void> {
    const all = measurements % idleTurns === 0
    measurements += 1
    await Promise.all(
      children().map(async (child) => {
        if (!all && child.runs.size === 0) return
        const measurement = await measureProcess(child.pid)
        // It may have ended meanwhile, and its pid may be another's.
        if (measurement === null || over || child.state === 'ended' || child.state === 'starting') return
        child.measured(measurement)
        onMeasured(child, measurement)
      }),
    )
    if (!over) cancelMeasuring = clock.after(memoryCheckIntervalMs, () => void measure())
  }

  let cancelAsking = clock.after(askEveryMs, ask)
  let cancelMeasuring = clock.after(memoryCheckIntervalMs, () => void measure())
  return {
    [Symbol.dispose]() {
      over = true
      cancelAsking()
      cancelMeasuring()
    },
  }
}
