import {
  createLogger,
  resolveSettings,
  systemClock,
  type Clock,
  type Logger,
  type Settings,
  type SisyConfig,
  type SomeClient,
} from '@sisy/core/internal'

/** What `createWorker` takes: the settings of `sisy.config.ts`, with a client instead of a way to make one. */
export interface WorkerOptions extends Omit<SisyConfig, 'prisma'> {
  /** The app's Prisma client with the plugin; it stays open when the worker stops. */
  readonly prisma: SomeClient
  /** Where to log. Default: standard output, at `logLevel`. */
  readonly logger?: Logger
  /** For tests. Default: the machine's clock, corrected by the database's. */
  readonly clock?: Clock
}

export interface ResolvedWorkerOptions {
  readonly prisma: SomeClient
  readonly settings: Settings
  readonly logger: Logger
  /** A clock given by the caller is an authority of its own. */
  readonly clock: Clock
  readonly clockIsGiven: boolean
}

/** @throws ConfigError for a setting that is not accepted. */
export function resolveWorkerOptions({ logger, clock, ...config }: WorkerOptions): ResolvedWorkerOptions {
  const settings = resolveSettings({ file: config, path: 'createWorker()', texts: [] })
  return {
    prisma: config.prisma,
    settings,
    logger: logger ?? createLogger({ name: 'sisy-worker', level: settings.logLevel }),
    clock: clock ?? systemClock,
    clockIsGiven: clock !== undefined,
  }
}
