import { systemClock, type Clock } from '../clock/clock.js'
import { databaseClock, fixedAuthority, type DatabaseClock } from '../clock/database-clock.js'
import type { SisyConfig } from '../config/define-config.js'
import type { SomeClient } from '../config/prisma-source.js'
import { resolveSettings } from '../config/resolve-settings.js'
import type { Settings } from '../config/settings-schema.js'
import { runtimeOf, type SisyRuntime } from '../extension/sisy-runtime.js'
import { openEngineDatabases, type Connections } from '../store/engine-databases.js'
import type { Inspector } from '../store/inspector.js'
import { inspectorOn } from '../store/open-inspector.js'
import { storeOn } from '../store/open-store.js'
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
  readonly inspector: Inspector
  readonly clock: DatabaseClock
  /** Ends its connections, within a second even when the database does not answer; the app's client stays open. */
  close(): Promise<void>
}

/** What tells heartbeat and worker apart. */
export interface EngineRole {
  /** The process, as it logs: `sisy-worker`. */
  readonly name: string
  /** Where settings were given, as messages show it: `createWorker()`. */
  readonly source: string
  /** How many connections of its own it has at most. */
  readonly connections: Connections
  /** How long a statement may take, milliseconds. */
  readonly deadlineMs: (settings: Settings) => number
}

/**
 * Fills and checks an engine's options. Opens no connection.
 *
 * @throws ConfigError for a setting that is not accepted, or a client without the plugin.
 */
export function openEngine(
  { logger, clock, ...config }: EngineOptions,
  { name, source, connections, deadlineMs }: EngineRole,
): Engine {
  const settings = resolveSettings({ file: config, path: source, texts: [] })
  const runtime = runtimeOf(config.prisma)
  const { base: client, provider, schema } = runtime
  const own = openEngineDatabases({
    client,
    name,
    connections,
    deadlineMs: deadlineMs(settings),
    // The network takes its own time, whatever clock a test sets.
    clock: systemClock,
    random: Math.random,
  })
  return {
    prisma: config.prisma,
    settings,
    logger: logger ?? createLogger({ name, level: settings.logLevel }),
    runtime,
    store: storeOn(own, { provider, schema, channels: settings.channels }),
    inspector: inspectorOn(own.others, { schema }),
    clock: clock === undefined ? databaseClock(systemClock) : fixedAuthority(clock),
    close: () => own.close(),
  }
}
