import {
  openApp,
  refuseSecondProcess,
  runtimeOf,
  runUntilSignal,
  version,
  type OpenedApp,
  type Service,
  type TextSetting,
} from '@sisy/core/internal'
import { createHeartbeat } from '@sisy/heartbeat'
import { Command, Option } from 'commander'
import { catchStrayErrors } from './catch-stray-errors.js'
import { createWorker } from './create-worker.js'

interface Flags {
  config?: string
  loader?: 'tsx' | 'ts-node'
  concurrency?: string
  queues?: string
  heartbeat?: true
  frequency?: string
  logLevel?: string
  once?: true
}

/** The command line of `sisy-worker`. @returns its exit code, when it has ended. */
export async function main(argv: readonly string[]): Promise<number> {
  const flags = new Command('sisy-worker')
    .description(
      'Claims runs that are due and executes them. Start as many as you like, on as many machines.',
    )
    .version(version)
    .option(
      '-c, --config <path>',
      'configuration file (default: sisy.config.{ts,mts,js,mjs,cjs} in this folder)',
    )
    .addOption(
      new Option('--loader <name>', 'what reads TypeScript').choices(['tsx', 'ts-node']).default('tsx'),
    )
    .option('--concurrency <n>', 'runs executed at once (default: 10)')
    .option('--queues <names>', 'queues to take runs from, separated by commas (default: all)')
    .option('--heartbeat', 'stamp tasks in this process too, for small installations')
    .option('--frequency <seconds>', 'with --heartbeat: its period (default: 60)')
    .option('--log-level <level>', 'trace, debug, info, warn, error, fatal or silent (default: info)')
    .option('--once', 'run what is due now, then exit')
    .addHelpText(
      'after',
      '\nSettings can also be given in the configuration file and the environment: SISY_CONCURRENCY, …',
    )
    .parse(argv)
    .opts<Flags>()
  const app = await openApp({
    name: 'sisy-worker',
    config: flags.config,
    loader: flags.loader,
    flags: textSettings(flags),
    concurrency: (settings) => settings.worker.concurrency,
  })
  try {
    await refuseSecondProcess(
      runtimeOf(app.prisma),
      flags.heartbeat === true ? 'heartbeat and worker' : 'worker',
    )
    if (flags.once === true) await runOnce(app, flags)
    else await serve(app, flags)
    return 0
  } finally {
    await app.close()
  }
}

function engines(app: OpenedApp, flags: Flags) {
  const options = { ...app.settings, prisma: app.prisma, logger: app.logger }
  return {
    worker: createWorker(options),
    heartbeat: flags.heartbeat === true ? createHeartbeat(options) : null,
  }
}

async function runOnce(app: OpenedApp, flags: Flags): Promise<void> {
  const { worker, heartbeat } = engines(app, flags)
  await heartbeat?.once()
  await worker.drain()
  await worker.stop()
}

async function serve(app: OpenedApp, flags: Flags): Promise<void> {
  const { worker, heartbeat } = engines(app, flags)
  using _strays = catchStrayErrors(worker, app.logger)
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
  await runUntilSignal(service, app.logger)
}

function textSettings({ concurrency, queues, frequency, logLevel }: Flags): TextSetting[] {
  const settings: TextSetting[] = []
  if (concurrency !== undefined)
    settings.push({ setting: 'worker.concurrency', text: concurrency, source: '--concurrency' })
  if (queues !== undefined) settings.push({ setting: 'worker.queues', text: queues, source: '--queues' })
  if (frequency !== undefined)
    settings.push({ setting: 'heartbeat.frequency', text: frequency, source: '--frequency' })
  if (logLevel !== undefined) settings.push({ setting: 'logLevel', text: logLevel, source: '--log-level' })
  return settings
}
