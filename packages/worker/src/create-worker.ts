import {
  ConfigError,
  endsInTime,
  ensureTasks,
  openWakeUps,
  patiently,
  usableDatabase,
  warnOfMissingIndex,
  type Listener,
  type ListenerOptions,
} from '@sisy/core/internal'
import { hostname } from 'node:os'
import { describeLanes, slotsOf } from './execution/lane-plan.js'
import { warnOfConnections } from './execution/warn-of-connections.js'
import { measureWorker } from './metrics/measure-worker.js'
import type { WorkerFigures } from './metrics/worker-metrics.js'
import { cancelled, crashed } from './run-pipeline.js'
import { shutDown } from './shutdown.js'
import { wireWorker } from './wire-worker.js'
import type { WorkerOptions } from './worker-options.js'

/** One worker process's engine. */
export interface Worker {
  /** Id of its TaskWorker row. */
  readonly id: string
  /**
   * Begins to claim and run. Waits for a database that is not there yet.
   *
   * @throws DatabaseError for what waiting does not mend, such as a wrong password or missing tables.
   * @throws ConfigError when no child process ever gets ready.
   */
  start(): Promise<void>
  /**
   * Runs what is due now, and resolves when nothing due is left and all has ended; or, with some left, when the worker is
   * stopped meanwhile. Not together with `start()`.
   */
  drain(): Promise<void>
  /**
   * Takes nothing new, lets running runs end for `drainSeconds`, then aborts them and gives them back; one that ignores
   * its signal is ended with its child process after `graceSeconds`, or left behind where there is none. Resolves when
   * all is written, or when a database that does not answer has used up that time and two seconds. Safe unstarted and
   * twice.
   */
  stop(): Promise<void>
  /** Aborts what runs at once and gives it back; also while `stop()` is waiting. */
  stopNow(): Promise<void>
  /** Like `stopNow()`, after an exception that nobody caught: attempts of runs in this process end as crashed. */
  crash(error: unknown): Promise<void>
  /** What it did so far, and what it and its children use. */
  figures(): WorkerFigures
  /** What keeps it from taking runs at this moment, one sentence each. */
  problems(): string[]
}

/** While it drains, a worker waits no longer than this for a child process to get ready, milliseconds. */
const hopelessAfterMs = 60_000

/** @throws ConfigError for a setting that is not accepted, or a client without the plugin. */
export function createWorker(options: WorkerOptions): Worker {
  let listener: Listener | null = null
  const { id, engine, parts, hurry } = wireWorker(options, () => listener?.isListening === true)
  const { prisma, settings, logger, runtime, store, inspector, clock } = engine
  const { queues, drainSeconds, graceSeconds } = settings.worker
  const {
    active,
    executors,
    metrics,
    claimLoop,
    starter,
    finishQueue,
    leaseKeeper,
    startMarks,
    runLog,
    slots,
    troubles,
  } = parts

  const ending = new AbortController()
  const isEnding = (): boolean => ending.signal.aborted
  const idle = (): Promise<void> => slots.until(() => active.size === 0)
  const lastWrites = troubles.reporter('Writing the end of this worker')
  let measuring: Disposable | undefined
  let claiming = false
  let registering: Promise<void> | undefined
  let registered = false
  let starting: Promise<void> | undefined
  let draining: Promise<void> | undefined
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

  async function prepare(): Promise<void> {
    await usableDatabase(store, clock)
    await ensureTasks(prisma, settings)
  }

  /** @param attempt takes each step that the database may fail. */
  async function register(attempt: (step: () => Promise<void>) => Promise<void>): Promise<void> {
    await attempt(prepare)
    const load = (): 'busy' | 'idle' => (active.size > 0 ? 'busy' : 'idle')
    measuring = measureWorker(clock, load, (measurement) => metrics.workerMeasured(measurement))
    await executors.start()
    const concurrency = slotsOf(executors.plans)
    await attempt(() =>
      store.registerWorker(clock.now(), { id, host: hostname(), pid: process.pid, concurrency }),
    )
    registered = true
    leaseKeeper.start()
    startMarks.start()
  }

  /** @throws ConfigError when no child process gets ready for so long that none will. */
  async function slotFree(): Promise<void> {
    const hopeless = new AbortController()
    const cancel = clock.after(hopelessAfterMs, () => {
      hopeless.abort()
      slots.check()
    })
    await slots.until(
      () =>
        isEnding() ||
        executors.lanes.all.some(({ free }) => free > 0) ||
        (hopeless.signal.aborted && active.size === 0),
    )
    cancel()
    const [problem] = executors.problems()
    if (hopeless.signal.aborted && problem !== undefined) throw new ConfigError(problem, {})
  }

  async function drainAll(): Promise<void> {
    await (registering ??= register((step) => step()))
    claiming = true
    for (;;) {
      await slotFree()
      if (isEnding()) return
      if (await claimLoop.once()) continue
      const held = active.size
      if (held === 0) return
      await slots.until(() => isEnding() || active.size === 0 || (active.size < held && starter.isHungry))
    }
  }

  async function startUp(): Promise<void> {
    const signal = ending.signal
    await (registering ??= register((step) => patiently(step, { logger, signal })))
    if (isEnding()) return
    listener = await openWakeUps({
      runtime,
      listen: settings.listen,
      channels: [settings.channels.runTask, settings.channels.killTask],
      onMessage: onWakeUp,
      clock,
      logger,
    })
    if (isEnding()) return
    claimLoop.start()
    claiming = true
    const served = queues === undefined ? 'all queues' : `queues ${queues.join(', ')}`
    logger.info({ worker: id }, `Worker ${id} runs ${describeLanes(executors.plans)}, from ${served}.`)
    void warnOfConnections(executors, store, logger)
    void warnOfMissingIndex(inspector, logger)
  }

  async function stopInOrder(): Promise<void> {
    const beganAt = clock.monotonic()
    ending.abort()
    // Children that do not get ready must not hold up the end.
    if (!claiming) await executors.stop()
    slots.check()
    // A failed start was told to whoever asked for it.
    await starting?.catch(() => undefined)
    await draining?.catch(() => undefined)
    starter.stop()
    await claimLoop.stop()
    await claimLoop.releaseOrphans().catch(lastWrites.onTrouble)
    const drainMs = Math.max(0, beganAt + drainSeconds * 1000 - clock.monotonic())
    await shutDown({ clock, active, drainMs, idle, hurry: hurry.signal })
    await executors.stop()
    measuring?.[Symbol.dispose]()
    await Promise.all([leaseKeeper.stop(), startMarks.stop()])
    runLog.flush()
    listener?.close()
    if (registered) await store.stopWorker(clock.now(), id, metrics.figures()).catch(lastWrites.onTrouble)
  }

  async function stopInTime(): Promise<void> {
    const ms = (drainSeconds + graceSeconds) * 1000
    if (!(await endsInTime(stopInOrder(), { clock, ms, hurry: hurry.signal }))) {
      logger.warn(
        `The end took too long, for the database does not answer or user code does not end; ${active.size} runs are rescued when their lease is over.`,
      )
      finishQueue.abandon()
      hurry.abort()
    }
    await engine.close()
  }

  return {
    id,
    start: () => (starting ??= startUp()),
    drain: () => (draining ??= drainAll().finally(() => (draining = undefined))),
    stop: () => (stopping ??= stopInTime()),
    stopNow: () => {
      hurry.abort()
      return (stopping ??= stopInTime())
    },
    crash: (error) => {
      for (const held of active) {
        const begun = held.startedAt !== null
        if (begun && executors.lanes.of(held.run.queue).executor.isInline)
          held.abort.abort(crashed(held, error))
      }
      hurry.abort()
      return (stopping ??= stopInTime())
    },
    figures: () => metrics.figures(),
    problems: () => {
      if (isEnding()) return ['It is ending.']
      if (!claiming) return ['It has not started yet.']
      return [...executors.problems(), ...troubles.current()]
    },
  }
}
