import { openEngine, outcomeReporter, reportRescued, type Engine } from '@sisy/core/internal'
import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import type { ActiveRun } from './active-run.js'
import { createClaimLoop, type ClaimLoop } from './claim-loop.js'
import { timeoutOfQueue } from './execution/lane-plan.js'
import { openExecutors, type Executors } from './execution/open-executors.js'
import { createFinishQueue } from './finish-queue.js'
import { createGate, type Gate } from './gate.js'
import { createLeaseKeeper } from './lease-keeper.js'
import { createWorkerMetrics, type WorkerMetrics } from './metrics/worker-metrics.js'
import { createRunStarter } from './run-starter.js'
import { createTroubles, type Troubles } from './troubles.js'
import { unknownCallableReporter } from './unknown-callable-reporter.js'
import type { WorkerOptions } from './worker-options.js'

/** A worker's parts, wired but not started. */
export interface WiredWorker {
  readonly id: string
  readonly engine: Engine
  /** Aborted to end everything at once. */
  readonly hurry: AbortController
  readonly parts: {
    /** The runs it holds. */
    readonly active: ReadonlySet<ActiveRun>
    readonly executors: Executors
    readonly metrics: WorkerMetrics
    readonly troubles: Troubles
    readonly claimLoop: ClaimLoop
    readonly leaseKeeper: ReturnType<typeof createLeaseKeeper>
    /** Checked whenever a slot may have become free. */
    readonly slots: Gate
  }
}

/** @throws ConfigError for a setting that is not accepted, or a client without the plugin. */
export function wireWorker({ config, loader, ...options }: WorkerOptions): WiredWorker {
  const inline = config === undefined ? { worker: { inline: true, ...options.worker } } : {}
  const engine = openEngine({ ...options, ...inline }, { name: 'sisy-worker', source: 'createWorker()' })
  const { settings, logger, runtime, store, clock } = engine
  const { queues, leaseSeconds, pollSeconds } = settings.worker
  const id = randomUUID()
  const leaseMs = leaseSeconds * 1000
  const random = Math.random

  const hurry = new AbortController()
  const active = new Set<ActiveRun>()
  const slots = createGate()
  const metrics = createWorkerMetrics()
  const troubles = createTroubles(logger)
  const onOutcome = outcomeReporter(settings.onOutcome, logger)
  const onFree = (): void => {
    slots.check()
    claimLoop.slotFreed()
  }

  const executors = openExecutors({
    engine,
    childConfig: config === undefined ? undefined : { path: resolve(config), loader },
    hurry: hurry.signal,
    metrics,
    onFree,
  })
  const { lanes } = executors
  const start = createRunStarter({
    store,
    clock,
    finishQueue: createFinishQueue({ store, clock, ...troubles.reporter('Writing results') }),
    logger,
    leaseMs,
    lanes,
    metrics,
    active,
    workerId: id,
    executorOf: (queue) => lanes.of(queue).executor,
    timeoutOf: (queue) => timeoutOfQueue(settings.worker, queue),
    random,
    onOutcome,
    onFreed: onFree,
    onScheduled: (dueAt) => {
      claimLoop.expect(dueAt)
    },
  })
  const claimLoop = createClaimLoop({
    store,
    clock,
    workerId: id,
    callables: runtime.registry.paths(),
    queues,
    leaseMs,
    pollMs: pollSeconds * 1000,
    newToken: randomUUID,
    freeSlots: (queue) => lanes.of(queue).free,
    start,
    onRescued: (runs) => {
      reportRescued(logger, runs, onOutcome)
    },
    onUnknownCallables: unknownCallableReporter(logger, runtime.registry.paths()),
    ...troubles.reporter('Claiming runs'),
    random,
  })
  const leaseKeeper = createLeaseKeeper({
    store,
    clock,
    leaseMs,
    active,
    onRenewed: (now) => store.touchWorker(now, id, metrics.figures()),
    ...troubles.reporter('Renewing leases'),
    random,
  })
  return { id, engine, hurry, parts: { active, executors, metrics, troubles, claimLoop, leaseKeeper, slots } }
}
