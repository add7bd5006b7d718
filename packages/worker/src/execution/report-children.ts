import { oneLine, type Logger } from '@sisy/core/internal'
import type { WorkerMetrics } from '../metrics/worker-metrics.js'
import type { EndedChild, Pool } from '../subprocess/index.js'

export interface ChildReportOptions {
  readonly logger: Logger
  readonly metrics: WorkerMetrics
  /** The slot of the pool's first child among all children of the worker. */
  readonly firstSlot: number
}

/** Tells the log and the metrics what becomes of a pool's children. What ended a run is told with the run. */
export function reportChildren(
  pool: Pick<Pool<never, unknown>, 'on'>,
  { logger, metrics, firstSlot }: ChildReportOptions,
): void {
  let lastStartError = ''

  pool.on('ended', (child) => {
    const slot = firstSlot + child.slot
    metrics.childGone(slot, child.cpuMs)
    if (!child.replaced) return
    metrics.childRestarted(slot, child.cause)
    if (child.cause === 'start-failed') {
      const why = reasonOf(child)
      // The same trouble is told once, however often it is tried.
      if (why !== lastStartError)
        logger.error(
          { child: child.pid },
          `A child process did not get ready and is started again later: ${why}`,
        )
      lastStartError = why
    } else if (child.runs.length === 0 && child.cause === 'crashed') {
      logger.warn(
        { child: child.pid },
        `Process ${child.pid} died while it ran nothing (${reasonOf(child)}); another takes its place.`,
      )
    } else {
      logger.debug({ child: child.pid }, `Process ${child.pid} ended: ${child.cause}.`)
    }
  })
  pool.on('ready', ({ pid }) => {
    lastStartError = ''
    logger.debug({ child: pid }, `Process ${pid} is ready.`)
  })
  pool.on('blocked', ({ pid, ms, runs }) => {
    logger.warn(
      { child: pid },
      `The event loop of process ${pid} has been blocked for ${seconds(ms)} by ${subject(runs)}.`,
    )
  })
  pool.on('unblocked', ({ pid, ms, runs }) => {
    logger.info(
      { child: pid },
      `The event loop of process ${pid} answers again; it was blocked for at least ${seconds(ms)} by ${subject(runs)}.`,
    )
  })
  pool.on('tight', ({ pid, residentBytes, recycleMemory }) => {
    logger.warn(
      { child: pid },
      `Process ${pid} holds ${mebibytes(residentBytes)} MiB before it has run anything, more than its recycleMemory of ` +
        `${mebibytes(recycleMemory)} MiB, so every child is replaced after each run. Raise maxMemory.`,
    )
  })
  pool.on('measured', ({ slot, pid, residentBytes, cpuMs, lagMs }) => {
    metrics.childMeasured(firstSlot + slot, { pid, residentBytes, cpuMs, lagMs })
  })
}

function reasonOf({ error, exitCode, signal }: EndedChild): string {
  if (error !== undefined) return oneLine(error)
  return signal ?? `exit code ${exitCode}`
}

function subject(runs: readonly string[]): string {
  if (runs.length === 0) return 'what a run left behind'
  return runs.length === 1 ? runs.join('') : `one of ${runs.join(', ')}`
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 1024 ** 2)
}
