import { systemClock, type Clock } from '../clock/clock.js'
import { databaseClock, fixedAuthority, type DatabaseClock } from '../clock/database-clock.js'
import type { SisyConfig } from '../config/define-config.js'
import type { SomeClient } from '../config/prisma-source.js'
import { resolveSettings } from '../config/resolve-settings.js'
import type { Settings } from '../config/settings-schema.js'
import { runtimeOf, type SisyRuntime } from '../extension/sisy-runtime.js'
import { openStore } from '../store/open-store.js'
import type { Store } from '../store/store.js'
import { createLogger, type Logger } from './create-logger.js'

/** What `createHeartbeat` and `createWorker` take: the settings of `sisy.config.ts`, with the client itself. */
export interface EngineOptions extends Omit<SisyConfig, 'prisma'> {
  /** The app's Prisma client with the plugin; it stays open when the engine stops. */
  readonly prisma: SomeClient
  /** Where to log. Default: standard output, at `logLevel`. */
  readonly logger?: Logger
  /** For tests; it is an authority of its own. Default: the machine's clock, corrected by the database's. */
  readonly clock?: Clock
}

/** What heartbeat and worker are made of. */
export interface Engine {
  readonly prisma: SomeClient
  readonly settings: Settings
  readonly logger: Logger
  readonly runtime: SisyRuntime
  readonly store: Store
  readonly clock: DatabaseClock
}

export interface EngineNames {
  /** The process, as it logs: `sisy-worker`. */
  readonly name: string
  /** Where settings were given, as messages show it: `createWorker()`. */
  readonly source: string
}

/**
 * Fills and checks an engine's options. Opens no connection.
 *
 * @throws ConfigError for a setting that is not accepted, or a client without the plugin.
 */
export function openEngine(
  { logger, clock, ...config }: EngineOptions,
  { name, source }: EngineNames,
): Engine {
  const settings = resolveSettings({ file: config, path: source, texts: [] })
  const runtime = runtimeOf(config.prisma)
  const { base: client, provider, schema } = runtime
  return {
    prisma: config.prisma,
    settings,
    logger: logger ?? createLogger({ name, level: settings.logLevel }),
    runtime,
    store: openStore({ client, provider, schema, channels: settings.channels }),
    clock: clock === undefined ? databaseClock(systemClock) : fixedAuthority(clock),
  }
}
