import {
  defaultPollSeconds,
  openEngine,
  outcomeReporter,
  reportRescued,
  safeRedact,
  type Engine,
  type Loop,
} from '@sisy/core/internal'
import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { ActiveRuns, type HeldRuns } from './active-runs.js'
import { createClaimLoop, type ClaimLoop } from './claim-loop.js'
import { timeoutOfQueue } from './execution/lane-plan.js'
import { openExecutors, type Executors } from './execution/open-executors.js'
import { redacting } from './execution/redacting.js'
import { createFinishQueue, type FinishQueue } from './finish-queue.js'
import { createGate, type Gate } from './gate.js'
import { createLeaseKeeper } from './lease-keeper.js'
import { createWorkerMetrics, type WorkerMetrics } from './metrics/worker-metrics.js'
import { heldUpReporter } from './report-held-up.js'
import type { Ended } from './run-pipeline.js'
import { createRunEnd } from './run-end.js'
import { createRunLog, type RunLog } from './run-log.js'
import { createRunStarter, type RunStarter } from './run-starter.js'
import { createStartMarks, type StartMarks } from './start-marks.js'
import { tasksOf } from './tasks-at-claim.js'
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
    readonly active: HeldRuns
    readonly executors: Executors
    readonly metrics: WorkerMetrics
    readonly troubles: Troubles
    readonly claimLoop: ClaimLoop
    readonly finishQueue: FinishQueue<Ended>
    readonly leaseKeeper: Loop
    readonly startMarks: StartMarks
    readonly runLog: RunLog
    readonly starter: RunStarter
    /** Checked whenever a slot may have become free. */
    readonly slots: Gate
  }
}

/**
 * @param isListening whether wake-ups are heard at this moment.
 * @throws ConfigError for a setting that is not accepted, or a client without the plugin.
 */
export function wireWorker(
  { config, loader, ...options }: WorkerOptions,
  isListening: () => boolean,
): WiredWorker {
  const inline = config === undefined ? { worker: { inline: true, ...options.worker } } : {}
  const engine = openEngine(
    { ...options, ...inline },
    {
      name: 'sisy-worker',
      source: 'createWorker()',
      connections: { claiming: 1, others: 3 },
      deadlineMs: ({ worker }) => statementMs(worker.leaseSeconds * 1000),
    },
  )
  const { settings, logger, runtime, store, clock } = engine
  const { queues, leaseSeconds, pollSeconds } = settings.worker
  const id = randomUUID()
  const leaseMs = leaseSeconds * 1000
  const random = Math.random

  const hurry = new AbortController()
  const active = new ActiveRuns()
  const slots = createGate()
  const metrics = createWorkerMetrics()
  const troubles = createTroubles(logger)
  const redact = safeRedact(settings.redact, logger)
  const onOutcome = outcomeReporter(settings.onOutcome, logger)
  const onRoom = (): void => {
    slots.check()
    claimLoop.roomMade()
  }

  const executors = openExecutors({
    engine,
    childConfig: config === undefined ? undefined : { path: resolve(config), loader },
    hurry: hurry.signal,
    metrics,
    onFree: () => starter.beginNext(),
  })
  const { lanes } = executors
  const finishQueue = createFinishQueue<Ended>({
    ...{ store, clock, random, ...troubles.reporter('Writing results') },
    onEnding: (ended, ending) => starter.settle(ended, ending),
  })
  const executorOf =
    settings.redact === undefined
      ? (queue: string) => lanes.of(queue).executor
      : (queue: string) => redacting(lanes.of(queue).executor, redact)
  const startMarks = createStartMarks({
    store,
    clock,
    active,
    random,
    ...troubles.reporter('Marking starts'),
  })
  const runLog = createRunLog({ logger, clock })
  const onEnd = createRunEnd({
    ...{ store, logger, metrics, onOutcome },
    log: runLog,
    onScheduled: (dueAt) => {
      claimLoop.expect(dueAt)
    },
  })
  const starter = createRunStarter({
    ...{ clock, finishQueue, logger, leaseMs, lanes, active, redact, random, onEnd, onRoom },
    onFree: onRoom,
    marks: startMarks,
    workerId: id,
    executorOf,
    timeoutOf: (queue) => timeoutOfQueue(settings.worker, queue),
  })
  const onJump = (ms: number): void => {
    logger.info(
      `This machine slept, or its clock or the database's was set: time has moved by ${Math.round(ms / 1000)} s. Leases are renewed, and the database is asked for its time.`,
    )
    claimLoop.hint(undefined)
    leaseKeeper.wake()
  }
  const claimLoop = createClaimLoop({
    store,
    clock,
    workerId: id,
    callables: runtime.registry.paths(),
    queues,
    leaseMs,
    pollMs: () =>
      1000 * (pollSeconds ?? defaultPollSeconds(isListening() ? 'listening' : 'deaf', leaseSeconds)),
    newToken: randomUUID,
    wanted: (queue) => starter.wanted(queue),
    heldTasks: () => tasksOf(active),
    take: (claim) => {
      starter.take(claim)
    },
    onMeasured: (movedMs) => {
      if (Math.abs(movedMs) > jumpMs) onJump(movedMs)
    },
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
    onExtended: () => executors.leasesExtended(),
    onHeldUp: heldUpReporter({ logger, active, lanes, leaseMs }),
    onJump,
    onRenewed: (now) => store.touchWorker(now, id, metrics.figures()),
    ...troubles.reporter('Renewing leases'),
    random,
  })
  return {
    id,
    engine,
    hurry,
    parts: {
      ...{
        active,
        executors,
        metrics,
        troubles,
        claimLoop,
        finishQueue,
        leaseKeeper,
        startMarks,
        starter,
        runLog,
      },
      slots,
    },
  }
}

/** The database's time may be off by so much before it is told and seen to, milliseconds. */
const jumpMs = 1_000

/** How long a statement may take: so that a renewal that gets no answer is tried twice more before the lease is over. */
function statementMs(leaseMs: number): number {
  return Math.max(1_000, Math.min(10_000, leaseMs / 6))
}
