import {
  openApp,
  patiently,
  refuseSecondProcess,
  runtimeOf,
  runToEnd,
  runUntilSignal,
  type OpenedApp,
  type Service,
  type ShutdownSignals,
  type SignalOptions,
} from '@sisy/core/internal'
import { createHeartbeat } from '@sisy/heartbeat'
import { catchStrayErrors } from './catch-stray-errors.js'
import { createWorker, type Worker } from './create-worker.js'
import { inlineSlots, planLanes } from './execution/lane-plan.js'
import { exitSummary } from './metrics/exit-summary.js'
import { serveMetrics } from './metrics/serve-metrics.js'
import { readFlags, type Flags } from './read-flags.js'

/** The command line of `sisy-worker`. @returns its exit code, when it has ended. */
export async function main(argv: readonly string[], signals: ShutdownSignals): Promise<number> {
  const { flags, settings } = readFlags(argv)
  const app = await openApp({
    name: 'sisy-worker',
    config: flags.config,
    loader: flags.loader,
    flags: settings,
    concurrency: ({ worker }) => inlineSlots(planLanes(worker)),
  })
  try {
    const part = flags.heartbeat === true ? 'heartbeat and worker' : 'worker'
    await refuseSecondProcess(runtimeOf(app.prisma), part, (check) =>
      flags.once === true ? check() : patiently(check, app),
    )
    const { worker, heartbeat } = engines(app, flags)
    try {
      await (flags.once === true
        ? runOnce(worker, heartbeat, { signals, logger: app.logger })
        : serve(worker, heartbeat, { ...app, signals }))
    } finally {
      // After an end in order there is nothing left to end.
      await worker.stopNow()
    }
    for (const line of exitSummary(worker.figures())) app.logger.info(line)
    return 0
  } finally {
    await app.close()
  }
}

type Heartbeat = ReturnType<typeof createHeartbeat>

function engines(app: OpenedApp, { loader, heartbeat }: Flags) {
  const options = { ...app.settings, prisma: app.prisma, logger: app.logger }
  return {
    worker: createWorker({ ...options, config: app.path, ...(loader !== undefined && { loader }) }),
    heartbeat: heartbeat === true ? createHeartbeat(options) : null,
  }
}

async function runOnce(worker: Worker, heartbeat: Heartbeat | null, options: SignalOptions): Promise<void> {
  const job = async (): Promise<void> => {
    await heartbeat?.once()
    await worker.drain()
  }
  await runToEnd(job, worker, options)
}

async function serve(
  worker: Worker,
  heartbeat: Heartbeat | null,
  app: OpenedApp & SignalOptions,
): Promise<void> {
  using _strays = catchStrayErrors(worker, app.logger)
  await using _metrics = await serveMetrics(worker, app)
  const service: Service = {
    start: async () => {
      await heartbeat?.start()
      await worker.start()
    },
    stop: async () => {
      await Promise.all([heartbeat?.stop(), worker.stop()])
    },
    stopNow: () => worker.stopNow(),
  }
  await runUntilSignal(service, app)
}
