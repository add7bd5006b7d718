import {
  createLoop,
  endsInTime,
  ensureTasks,
  openEngine,
  openWakeUps,
  outcomeReporter,
  patiently,
  troubleReporter,
  usableDatabase,
  warnOfMissingIndex,
  type EngineOptions,
  type Listener,
} from '@sisy/core/internal'
import { createTick, type TickReport } from './tick.js'

/** What `createHeartbeat` takes: the settings of `sisy.config.ts`, with the client itself. */
export type HeartbeatOptions = EngineOptions

/** One heartbeat's engine. Any number may run; one is enough. */
export interface Heartbeat {
  /**
   * Begins to tick. Waits for a database that is not there yet.
   *
   * @throws DatabaseError for what waiting does not mend, such as a wrong password or missing tables.
   */
  start(): Promise<void>
  /** One turn, by hand: does everything that is due now. */
  tick(): Promise<TickReport>
  /** Does what `start()` does first, then one tick: for a platform's own cron. Not together with `start()`. */
  once(): Promise<TickReport>
  /**
   * Resolves when the tick under way has ended, at the latest after two seconds: what it has not written by then, the
   * next heartbeat does. Safe unstarted and twice.
   */
  stop(): Promise<void>
}

/** @throws ConfigError for a setting that is not accepted, or a client without the plugin. */
export function createHeartbeat(options: HeartbeatOptions): Heartbeat {
  const engine = openEngine(options, {
    name: 'sisy-heartbeat',
    source: 'createHeartbeat()',
    // Two that stamp, and one that reads ahead.
    connections: { claiming: 0, others: 3 },
    deadlineMs: () => 10_000,
  })
  const { prisma, settings, logger, runtime, store, inspector, clock } = engine
  const periodMs = settings.heartbeat.frequency * 1000
  const reportOutcome = outcomeReporter(settings.onOutcome, logger)
  const leaseMs = settings.worker.leaseSeconds * 1000
  const { retention } = settings
  const tick = createTick({ store, clock, logger, periodMs, leaseMs, retention, reportOutcome })
  const loop = createLoop({
    clock,
    turn: async () => (await tick()).pauseMs,
    ...troubleReporter(logger, 'The heartbeat'),
    random: Math.random,
  })
  let listener: Listener | null = null
  let starting: Promise<void> | undefined
  const stopping = new AbortController()

  async function prepare(): Promise<void> {
    await usableDatabase(store, clock)
    await ensureTasks(prisma, settings)
  }

  async function startUp(): Promise<void> {
    await patiently(prepare, { logger, signal: stopping.signal })
    if (stopping.signal.aborted) return
    listener = await openWakeUps({
      runtime,
      listen: settings.listen,
      channels: [settings.channels.heartbeat],
      onMessage: () => {
        loop.wake()
      },
      clock,
      logger,
    })
    loop.start()
    void warnOfMissingIndex(inspector, logger)
    logger.info(`Heartbeat ticks at least every ${settings.heartbeat.frequency} s.`)
  }

  async function stopInOrder(): Promise<void> {
    stopping.abort()
    // A failed start was told to whoever asked for it.
    await starting?.catch(() => undefined)
    await loop.stop()
    listener?.close()
  }

  return {
    start: () => (starting ??= startUp()),
    tick,
    once: async () => {
      await prepare()
      return tick()
    },
    stop: async () => {
      if (!(await endsInTime(stopInOrder(), { clock, ms: 0 })))
        logger.warn('The database does not answer; the tick under way is left to it.')
      await engine.close()
    },
  }
}
