import type { Clock } from '@sisy/core/internal'
import type { WorkerMeasurement } from './worker-metrics.js'

const everyMs = 1_000

/** Measures this process once a second until disposed. A timer that comes late tells how busy its event loop is. */
export function measureWorker(
  clock: Clock,
  onMeasured: (measurement: WorkerMeasurement) => void,
): Disposable {
  let cancel: () => void

  function next(): void {
    const expectedAt = clock.monotonic() + everyMs
    cancel = clock.after(everyMs, () => {
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
