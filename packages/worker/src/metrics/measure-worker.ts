import type { Clock } from '@sisy/core/internal'
import type { WorkerMeasurement } from './worker-metrics.js'

/** How often, milliseconds. */
const everyMs = { busy: 1_000, idle: 5_000 } as const

/**
 * Measures this process until disposed, once a second while it has runs. A timer that comes late tells how busy its event
 * loop is.
 */
export function measureWorker(
  clock: Clock,
  load: () => keyof typeof everyMs,
  onMeasured: (measurement: WorkerMeasurement) => void,
): Disposable {
  let cancel: () => void

  function next(): void {
    const ms = everyMs[load()]
    const expectedAt = clock.monotonic() + ms
    cancel = clock.after(ms, () => {
      measure(Math.max(0, clock.monotonic() - expectedAt))
      next()
    })
  }

  function measure(lagMs: number): void {
    const { user, system } = process.cpuUsage()
    onMeasured({ residentBytes: process.memoryUsage.rss(), cpuMs: (user + system) / 1000, lagMs })
  }

  measure(0)
  next()
  return {
    [Symbol.dispose]() {
      cancel()
    },
  }
}
