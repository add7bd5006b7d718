import {
  ConfigError,
  oneLine,
  type Clock,
  type Logger,
  type ModuleLoader,
  type Outcome,
  type StartedRun,
} from '@sisy/core/internal'
import { fileURLToPath } from 'node:url'
import type { ActiveRun } from '../active-run.js'
import { toAbortMessage } from '../child/abort-message.js'
import { toAttemptMessage } from '../child/attempt-message.js'
import type { ChildRequest } from '../child/child-request.js'
import type { ChildAppOptions } from '../child/open-child-app.js'
import { childEndAt } from '../lease-times.js'
import type { WorkerMetrics } from '../metrics/worker-metrics.js'
import { leaseLost } from '../run-pipeline.js'
import { createPool, type PoolRun } from '../subprocess/index.js'
import { createEvictionLimit } from './eviction-limit.js'
import type { Execution, Executor, TimeLimit } from './executor.js'
import { outcomeOfPoolRun } from './outcome-of-pool-run.js'
import type { ChildLimits } from './lane-plan.js'
import { reportChildren } from './report-children.js'

export interface SubprocessExecutorOptions {
  /** Absolute path of the configuration that each child loads. */
  readonly config: string
  readonly loader: ModuleLoader | undefined
  readonly limits: ChildLimits
  /** The slot of its first child among all children of the worker. */
  readonly firstSlot: number
  /** How long an aborted callable may take to end before its process is ended, milliseconds. */
  readonly graceMs: number
  readonly leaseMs: number
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: WorkerMetrics
  /** There may be more room than before. */
  readonly onFree: () => void
}

// The same from `src` and from `dist`: a child runs what was built.
const module = fileURLToPath(new URL('../../dist/child/main.js', import.meta.url))
/** A run that has found no child for so long is given back, milliseconds: another worker may have one. */
const longestWaitMs = 1_000

const notBegun: Execution = {
  outcome: { kind: 'evicted' },
  facts: { pid: null, peakMemory: null, cpuMs: null, output: [] },
  child: null,
  durationMs: 0,
}

/** An executor whose children can tell how many connections each may open. */
export interface SubprocessExecutor extends Executor {
  /** The leases of runs were renewed: their children may live longer. */
  leasesExtended(): void
  /** Ends its children at once. */
  stopNow(): void
  /** @returns null when that is unknown. */
  connectionsOfChild(): Promise<number | null>
}

/** Runs user code in monitored child processes: what it does to its process harms no other run. */
export function createSubprocessExecutor(options: SubprocessExecutorOptions): SubprocessExecutor {
  const { config, loader, limits, firstSlot, graceMs, leaseMs, clock, logger, onFree } = options
  const data: ChildAppOptions = { config, loader, concurrency: limits.concurrency }
  const pool = createPool<ChildRequest, Outcome | number | null>({ ...limits, module, data, graceMs, clock })
  const evictions = createEvictionLimit()
  const executing = new Map<ActiveRun, PoolRun<Outcome>>()
  pool.on('free', onFree)
  reportChildren(pool, options)

  /** A child must be gone before another worker may take its run, though this process be stopped meanwhile. */
  const liveUntil = ({ giveUpAt }: ActiveRun): number => childEndAt(giveUpAt, leaseMs)

  /** @returns undefined when the pool takes nothing any more. */
  function beginAttempt(
    active: ActiveRun,
    { task }: StartedRun,
    limit: TimeLimit | null,
  ): PoolRun<Outcome> | undefined {
    const { run, leaseToken } = active
    const attempt = toAttemptMessage({ run, leaseToken, task })
    try {
      const poolRun = pool.begin(
        { kind: 'attempt', attempt },
        {
          name: `${run.callable} ${run.id}`,
          liveUntil: liveUntil(active),
          ...(limit !== null && { timeoutMs: limit.ms, onTimeout: limit.onOver }),
        },
      )
      // A child answers an attempt with an outcome; the pool cannot tell requests apart.
      return poolRun as PoolRun<Outcome>
    } catch (error) {
      logger.warn({ run: run.id }, `Run ${run.id} is given back: ${oneLine(error)}`)
      return undefined
    }
  }

  return {
    start: async () => {
      try {
        await pool.start()
      } catch (error) {
        throw new ConfigError(oneLine(error), { source: config }, { cause: error })
      }
    },
    isInline: false,
    get free() {
      return pool.sendable
    },
    get executing() {
      return executing.size
    },
    execute: async (active, started, limit) => {
      const { run, abort } = active
      const poolRun = beginAttempt(active, started, limit)
      if (poolRun === undefined) return notBegun
      abort.onAbort((reason) => poolRun.abort(toAbortMessage(reason)))
      const forget = clock.after(longestWaitMs, () => poolRun.withdraw())
      executing.set(active, poolRun)
      const ended = await poolRun.ended
      executing.delete(active)
      forget()
      // Its child may have gone because this process was stopped so long that it could give nothing up.
      if (ended.kind !== 'ok' && active.giveUpAt <= clock.monotonic()) abort.abort(leaseLost(active))
      const { pid, peakMemory, cpuMs, output, durationMs, slot } = ended
      return {
        outcome: evictions.judge(run, outcomeOfPoolRun(ended, run, abort.reason), pid),
        facts: { pid, peakMemory, cpuMs, output },
        child: slot === null ? null : firstSlot + slot,
        durationMs,
      }
    },
    problems: () => (pool.capacity > 0 ? [] : ['No child process is ready.']),
    leasesExtended: () => {
      for (const [active, poolRun] of executing) poolRun.liveUntil(liveUntil(active))
    },
    connectionsOfChild: async () => {
      const connections = await pool.run({ kind: 'connections' })
      return typeof connections === 'number' ? connections : null
    },
    stop: () => pool.stop(),
    stopNow: () => void pool.stopNow(),
  }
}
