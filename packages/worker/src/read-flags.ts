import { version, type TextSetting, type TextSettingName } from '@sisy/core/internal'
import { Command, Option } from 'commander'

/** What the command line of `sisy-worker` gives besides settings. */
export interface Flags {
  readonly config?: string
  readonly loader?: 'tsx' | 'ts-node'
  readonly heartbeat?: true
  readonly once?: true
}

/** Flags that are settings: their member in commander's result, and how they are written. */
const settingFlags = {
  processes: { setting: 'worker.processes', flag: '--processes' },
  concurrency: { setting: 'worker.concurrency', flag: '--concurrency' },
  inline: { setting: 'worker.inline', flag: '--inline' },
  maxMemory: { setting: 'worker.maxMemory', flag: '--max-memory' },
  queues: { setting: 'worker.queues', flag: '--queues' },
  metricsPort: { setting: 'worker.metricsPort', flag: '--metrics-port' },
  frequency: { setting: 'heartbeat.frequency', flag: '--frequency' },
  logLevel: { setting: 'logLevel', flag: '--log-level' },
} as const satisfies Record<string, { setting: TextSettingName; flag: string }>

type SettingFlags = Partial<Record<keyof typeof settingFlags, string | true>>

/** Reads the command line; for `--help`, `--version` and mistakes it prints and exits. */
export function readFlags(argv: readonly string[]): {
  readonly flags: Flags
  readonly settings: TextSetting[]
} {
  const given = new Command('sisy-worker')
    .description(
      'Claims runs that are due and executes them in monitored child processes. Start as many as you like, on as many machines.',
    )
    .version(version)
    .option(
      '-c, --config <path>',
      'configuration file (default: sisy.config.{ts,mts,js,mjs,cjs} in this folder)',
    )
    .addOption(
      new Option('--loader <name>', 'what reads TypeScript').choices(['tsx', 'ts-node']).default('tsx'),
    )
    .option('--processes <n>', 'child processes (default: the cores of this machine)')
    .option(
      '--concurrency <n>',
      'runs executed at once in each child process (default: 1; with --inline: 10)',
    )
    .option('--inline', 'run user code in this process: faster, and nothing protects the worker from it')
    .option(
      '--max-memory <size>',
      'end a child process that holds more while it runs something, such as 512mb',
    )
    .option('--queues <names>', 'queues to take runs from, separated by commas (default: all)')
    .option('--metrics-port <port>', 'serve /metrics, /healthz and /readyz there, on 127.0.0.1')
    .option('--heartbeat', 'stamp tasks in this process too, for small installations')
    .option('--frequency <seconds>', 'with --heartbeat: its period (default: 60)')
    .option('--log-level <level>', 'trace, debug, info, warn, error, fatal or silent (default: info)')
    .option('--once', 'run what is due now, then exit')
    .addHelpText(
      'after',
      '\nSettings can also be given in the configuration file and the environment: SISY_PROCESSES, SISY_CONCURRENCY, …',
    )
    .parse(argv)
    .opts<Flags & SettingFlags>()
  return { flags: given, settings: settingsOf(given) }
}

function settingsOf(given: SettingFlags): TextSetting[] {
  return Object.entries(settingFlags).flatMap(([member, { setting, flag }]) => {
    const text = (given as Readonly<Record<string, string | true | undefined>>)[member]
    return text === undefined ? [] : [{ setting, text: String(text), source: flag }]
  })
}
