import { sleep, systemClock } from '../clock/clock.js'
import { loadConfig } from '../config/load-config.js'
import type { ModuleLoader } from '../config/load-module.js'
import type { SomeClient } from '../config/prisma-source.js'
import type { Settings } from '../config/settings-schema.js'
import type { TextSetting } from '../config/text-setting.js'
import { createLogger, type Logger } from './create-logger.js'

export interface OpenAppOptions {
  /** The bin's name, for its log lines. */
  readonly name: string
  /** Path of the configuration. Default: found in the current folder. */
  readonly config?: string | undefined
  /** What reads TypeScript. Default `tsx`. */
  readonly loader?: ModuleLoader | undefined
  /** Settings given as flags. */
  readonly flags: readonly TextSetting[]
  /** How many callables will run on the client at once in this process. */
  readonly concurrency: (settings: Settings) => number
}

/** The app as a bin uses it: its settings, its client, and a logger. */
export interface OpenedApp {
  /** Absolute path of its configuration. */
  readonly path: string
  readonly settings: Settings
  readonly prisma: SomeClient
  readonly logger: Logger
  /** Ends the client's connections; within a second, even when the database does not answer. */
  close(): Promise<void>
}

/**
 * Loads the app's configuration and makes its client.
 *
 * @throws ConfigError when either cannot be done.
 */
export async function openApp({
  name,
  config,
  loader,
  flags,
  concurrency,
}: OpenAppOptions): Promise<OpenedApp> {
  const loaded = await loadConfig({
    cwd: process.cwd(),
    env: process.env,
    flags,
    ...(config !== undefined && { path: config }),
    ...(loader !== undefined && { loader }),
  })
  const { settings } = loaded
  const client = await loaded.openClient({ role: 'supervisor', concurrency: concurrency(settings) })
  const logger = createLogger({ name, level: settings.logLevel })
  return { path: loaded.path, settings, prisma: client.prisma, logger, close: () => closeInTime(client) }
}

/** How long the app's client may take to end its connections, milliseconds: a dead one never does. */
const partingMs = 1_000

async function closeInTime(client: { close(): Promise<void> }): Promise<void> {
  const ended = new AbortController()
  await Promise.race([client.close(), sleep(systemClock, partingMs, ended.signal)])
  ended.abort()
}
