import {
  openApp,
  patiently,
  refuseSecondProcess,
  runtimeOf,
  runUntilSignal,
  version,
  type ShutdownSignals,
  type TextSetting,
} from '@sisy/core/internal'
import { Command, Option } from 'commander'
import { createHeartbeat } from './create-heartbeat.js'

interface Flags {
  config?: string
  loader?: 'tsx' | 'ts-node'
  frequency?: string
  logLevel?: string
  once?: true
}

/** The command line of `sisy-heartbeat`. @returns its exit code, when it has ended. */
export async function main(argv: readonly string[], signals: ShutdownSignals): Promise<number> {
  const flags = new Command('sisy-heartbeat')
    .description('Stamps tasks that are due, so that workers run them. One is enough; any number is safe.')
    .version(version)
    .option(
      '-c, --config <path>',
      'configuration file (default: sisy.config.{ts,mts,js,mjs,cjs} in this folder)',
    )
    .addOption(
      new Option('--loader <name>', 'what reads TypeScript').choices(['tsx', 'ts-node']).default('tsx'),
    )
    .option('--frequency <seconds>', 'period of the heartbeat (default: 60)')
    .option('--log-level <level>', 'trace, debug, info, warn, error, fatal or silent (default: info)')
    .option('--once', 'stamp what is due now, then exit')
    .addHelpText(
      'after',
      '\nSettings can also be given in the configuration file and the environment: SISY_HEARTBEAT_FREQUENCY, …',
    )
    .parse(argv)
    .opts<Flags>()
  const app = await openApp({
    name: 'sisy-heartbeat',
    config: flags.config,
    loader: flags.loader,
    flags: textSettings(flags),
    concurrency: () => 1,
  })
  try {
    await refuseSecondProcess(runtimeOf(app.prisma), 'heartbeat', (check) =>
      flags.once === true ? check() : patiently(check, app),
    )
    const heartbeat = createHeartbeat({ ...app.settings, prisma: app.prisma, logger: app.logger })
    if (flags.once === true) {
      const { stamped, promoted, planned } = await heartbeat.once()
      await heartbeat.stop()
      app.logger.info(`Planned ${planned} tasks, stamped ${stamped} runs, promoted ${promoted}.`)
    } else {
      // A heartbeat holds nothing that would have to be given back.
      const service = { ...heartbeat, stopNow: () => Promise.resolve() }
      await runUntilSignal(service, { signals, logger: app.logger })
    }
    return 0
  } finally {
    await app.close()
  }
}

function textSettings({ frequency, logLevel }: Flags): TextSetting[] {
  const settings: TextSetting[] = []
  if (frequency !== undefined)
    settings.push({ setting: 'heartbeat.frequency', text: frequency, source: '--frequency' })
  if (logLevel !== undefined) settings.push({ setting: 'logLevel', text: logLevel, source: '--log-level' })
  return settings
}
