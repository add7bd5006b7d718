import { ConfigError, type Engine, type ModuleLoader } from '@sisy/core/internal'
import type { WorkerMetrics } from '../metrics/worker-metrics.js'
import type { Executor } from './executor.js'
import { createInlineExecutor } from './inline-executor.js'
import { planLanes, type LanePlan } from './lane-plan.js'
import { openLanes, type Lanes } from './lanes.js'
import { createSubprocessExecutor, type SubprocessExecutor } from './subprocess-executor.js'

/** What each child process loads. */
export interface ChildConfig {
  /** Absolute path of the configuration. */
  readonly path: string
  readonly loader: ModuleLoader | undefined
}

export interface ExecutorsOptions {
  readonly engine: Engine
  /** Undefined when no child processes can be had. */
  readonly childConfig: ChildConfig | undefined
  /** Aborted to end everything at once. */
  readonly hurry: AbortSignal
  readonly metrics: WorkerMetrics
  readonly onFree: () => void
}

export interface Executors {
  readonly lanes: Lanes
  readonly plans: readonly LanePlan[]
  /** Those with child processes, and how many each has. */
  readonly pools: readonly { readonly executor: SubprocessExecutor; readonly processes: number }[]
  /** Resolves when runs of every lane can begin. */
  start(): Promise<void>
  /** The leases of runs were renewed. */
  leasesExtended(): void
  stop(): Promise<void>
  problems(): string[]
}

/** @throws ConfigError when a queue is to have child processes and no configuration was given for them to load. */
export function openExecutors(options: ExecutorsOptions): Executors {
  const { settings } = options.engine
  const plans = planLanes(settings.worker)
  const pools: { executor: SubprocessExecutor; processes: number }[] = []
  let nextSlot = 0

  function openPool(plan: LanePlan): Executor {
    const { processes } = plan.limits
    const executor = openSubprocesses(plan, nextSlot, options)
    // A child that is retired keeps its slot to its end, beside the one that replaced it.
    nextSlot += 2 * processes
    pools.push({ executor, processes })
    return executor
  }

  const lanes = openLanes(plans, (plan) => (plan.inline ? openInline(plan, options) : openPool(plan)))
  const executors = lanes.all.map(({ executor }) => executor)
  const stopNow = (): void => {
    for (const { executor } of pools) executor.stopNow()
  }
  options.hurry.addEventListener('abort', stopNow, { once: true })
  return {
    lanes,
    plans,
    pools,
    start: async () => {
      await Promise.all(executors.map((executor) => executor.start()))
    },
    leasesExtended: () => {
      for (const { executor } of pools) executor.leasesExtended()
    },
    stop: async () => {
      await Promise.all(executors.map((executor) => executor.stop()))
    },
    problems: () => executors.flatMap((executor) => executor.problems()),
  }
}

function openInline({ limits }: LanePlan, { engine, hurry }: ExecutorsOptions): Executor {
  const { runtime, store, clock, settings } = engine
  const graceMs = settings.worker.graceSeconds * 1000
  return createInlineExecutor({ runtime, store, clock, concurrency: limits.concurrency, graceMs, hurry })
}

function openSubprocesses(
  { queue, limits }: LanePlan,
  firstSlot: number,
  { engine, childConfig, metrics, onFree }: ExecutorsOptions,
): SubprocessExecutor {
  if (childConfig === undefined) {
    const where = queue === null ? 'worker' : `worker.perQueue.${queue}`
    throw new ConfigError(
      `${where} is to run user code in child processes, and each of those loads the configuration: give createWorker() its path as \`config\`, or set inline.`,
      { setting: `${where}.inline`, value: false },
    )
  }
  const { clock, logger, settings } = engine
  const graceMs = settings.worker.graceSeconds * 1000
  const leaseMs = settings.worker.leaseSeconds * 1000
  const { path: config, loader } = childConfig
  return createSubprocessExecutor({
    ...{ config, loader, limits, firstSlot, graceMs, leaseMs },
    ...{ clock, logger, metrics, onFree },
  })
}
