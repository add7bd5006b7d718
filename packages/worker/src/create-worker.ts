import {
  endsInTime,
  ensureTasks,
  openEngine,
  openWakeUps,
  reportRescued,
  troubleReporter,
  usableDatabase,
  type EngineOptions,
  type Listener,
  type ListenerOptions,
} from '@sisy/core/internal'
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { ActiveRun } from './active-run.js'
import { createClaimLoop } from './claim-loop.js'
import { createFinishQueue } from './finish-queue.js'
import { createGate } from './gate.js'
import { createLeaseKeeper } from './lease-keeper.js'
import { cancelled } from './run-pipeline.js'
import { createRunStarter } from './run-starter.js'
import { createRunTally } from './run-tally.js'
import { shutDown } from './shutdown.js'
import { unknownCallableReporter } from './unknown-callable-reporter.js'

/** What `createWorker` takes: the settings of `sisy.config.ts`, with the client itself. */
export type WorkerOptions = EngineOptions

/** One worker process's engine. */
export interface Worker {
  /** Id of its TaskWorker row. */
  readonly id: string
  /**
   * Begins to claim and run.
   *
   * @throws DatabaseError when the database cannot be reached or lacks the tables.
   */
  start(): Promise<void>
  /** Runs what is due now, and resolves when nothing due is left and all has ended. Not together with `start()`. */
  drain(): Promise<void>
  /**
   * Takes nothing new, lets running runs end for `drainSeconds`, then aborts them and gives them back; one that ignores
   * its signal is left behind after `graceSeconds`. Resolves when all is written, or when a database that does not
   * answer has used up that time and two seconds. Safe unstarted and twice.
   */
  stop(): Promise<void>
  /** Aborts what runs at once and gives it back; also while `stop()` is waiting. */
  stopNow(): Promise<void>
}

/** @throws ConfigError for a setting that is not accepted, or a client without the plugin. */
export function createWorker(options: WorkerOptions): Worker {
  const engine = openEngine(options, { name: 'sisy-worker', source: 'createWorker()' })
  const { prisma, settings, logger, runtime, store, clock } = engine
  const { concurrency, queues, leaseSeconds, pollSeconds, drainSeconds, graceSeconds } = settings.worker
  const id = randomUUID()
  const leaseMs = leaseSeconds * 1000
  const random = Math.random

  /** Aborted to end everything at once. */
  const hurry = new AbortController()
  const active = new Set<ActiveRun>()
  const runsEnded = createGate()
  const idle = (): Promise<void> => runsEnded.until(() => active.size === 0)
  const tally = createRunTally()
  const finishQueue = createFinishQueue({ store, clock, ...troubleReporter(logger, 'Writing results') })
  const start = createRunStarter({
    runtime,
    store,
    clock,
    finishQueue,
    logger,
    leaseMs,
    tally,
    active,
    workerId: id,
    pid: process.pid,
    graceMs: graceSeconds * 1000,
    hurry: hurry.signal,
    random,
    onFreed: () => {
      runsEnded.check()
      claimLoop.slotFreed()
    },
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
    freeSlots: () => concurrency - active.size,
    start,
    onRescued: (runs) => {
      reportRescued(logger, runs)
    },
    onUnknownCallables: unknownCallableReporter(logger, runtime.registry.paths()),
    ...troubleReporter(logger, 'Claiming runs'),
    random,
  })
  const leaseKeeper = createLeaseKeeper({
    store,
    clock,
    leaseMs,
    active,
    onRenewed: (now) => store.touchWorker(now, id, tally.figures()),
    ...troubleReporter(logger, 'Renewing leases'),
    random,
  })

  const lastWrites = troubleReporter(logger, 'Writing the end of this worker')
  let listener: Listener | null = null
  let registered = false
  let starting: Promise<void> | undefined
  let stopping: Promise<void> | undefined

  const onWakeUp: ListenerOptions['onMessage'] = (message) => {
    if (message?.channel === settings.channels.killTask) cancelHeld(message.payload)
    // A queue whose name no notification can carry is told of as ''.
    else claimLoop.hint(message?.payload === '' ? undefined : message?.payload)
    // What was cancelled while nobody listened is told by the renewal.
    if (message === undefined) leaseKeeper.wake()
  }

  function cancelHeld(runId: string): void {
    for (const { run, abort } of active) if (run.id === runId) abort.abort(cancelled(runId))
  }

  async function register(): Promise<void> {
    await usableDatabase(store, clock)
    await ensureTasks(prisma, settings)
    await store.registerWorker(clock.now(), { id, host: hostname(), pid: process.pid, concurrency })
    registered = true
    leaseKeeper.start()
  }

  async function startUp(): Promise<void> {
    await register()
    listener = await openWakeUps({
      runtime,
      listen: settings.listen,
      channels: [settings.channels.runTask, settings.channels.killTask],
      onMessage: onWakeUp,
      clock,
      logger,
    })
    claimLoop.start()
    const served = queues === undefined ? 'all queues' : `queues ${queues.join(', ')}`
    logger.info({ worker: id }, `Worker ${id} runs up to ${concurrency} at once from ${served}.`)
  }

  async function stopInOrder(): Promise<void> {
    // A failed start was told to whoever asked for it.
    await starting?.catch(() => undefined)
    await claimLoop.stop()
    await shutDown({ clock, active, drainMs: drainSeconds * 1000, idle, hurry: hurry.signal })
    await leaseKeeper.stop()
    await listener?.close()
    if (registered) await store.stopWorker(clock.now(), id, tally.figures()).catch(lastWrites.onTrouble)
  }

  async function stopInTime(): Promise<void> {
    const ms = (drainSeconds + graceSeconds) * 1000
    if (await endsInTime(stopInOrder(), { clock, ms, hurry: hurry.signal })) return
    logger.warn(`The database does not answer; ${active.size} runs are rescued when their lease is over.`)
  }

  return {
    id,
    start: () => (starting ??= startUp()),
    drain: async () => {
      if (!registered) await register()
      for (;;) {
        await runsEnded.until(() => active.size < concurrency)
        if (await claimLoop.once()) continue
        const held = active.size
        if (held === 0) return
        await runsEnded.until(() => active.size < held)
      }
    },
    stop: () => (stopping ??= stopInTime()),
    stopNow: () => {
      hurry.abort()
      return (stopping ??= stopInTime())
    },
  }
}
