import { dirname } from 'node:path'
import { ConfigError } from '../errors/errors.js'
import { findConfig } from './find-config.js'
import { loadDefaultExport, type ModuleLoader } from './load-module.js'
import { loadDotenv } from './load-dotenv.js'
import { openClient, type OpenedClient } from './open-client.js'
import type { ClientContext } from './prisma-source.js'
import { resolveSettings } from './resolve-settings.js'
import type { Settings } from './settings-schema.js'
import { settingsFromEnvironment, type TextSetting } from './text-setting.js'

/** Where to look for a configuration. */
export interface LoadConfigOptions {
  /** Folder in which it is looked for. */
  readonly cwd: string
  /** The file, relative to `cwd`. Default: the first `sisy.config.{ts,mts,js,mjs,cjs}` in `cwd`. */
  readonly path?: string
  /** The real environment; it wins over the `.env` file beside the configuration. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Settings given on the command line; they win over everything else. Default: none. */
  readonly flags?: readonly TextSetting[]
  /** What reads TypeScript. Default `tsx`. */
  readonly loader?: ModuleLoader
}

/** A configuration that was found, loaded and checked. */
export interface LoadedConfig {
  /** Absolute path of its file. */
  readonly path: string
  readonly settings: Settings
  /**
   * Makes the app's client for this process.
   *
   * @throws ConfigError when it cannot be made, or was made without the plugin.
   */
  openClient(context: ClientContext): Promise<OpenedClient>
}

/**
 * Finds, loads and checks the app's configuration, and the `.env` file beside it.
 *
 * @throws ConfigError when there is none, when it cannot be loaded, or when a setting is not accepted.
 */
export async function loadConfig({
  cwd,
  path,
  env,
  flags = [],
  loader,
}: LoadConfigOptions): Promise<LoadedConfig> {
  const found = findConfig(cwd, path)
  // Both are read before the app's code runs: the one must see what the other may still add to.
  const fromEnvironment = settingsFromEnvironment(env, 'the environment')
  const dotenv = loadDotenv(dirname(found))
  const fromDotenv = settingsFromEnvironment(dotenv.variables, dotenv.path)
  const file = await loadDefaultExport(found, loader)
  if (file === undefined) {
    throw new ConfigError(
      `${found} has no default export. Write: export default defineConfig({ prisma, … }).`,
      {
        source: found,
      },
    )
  }
  const settings = resolveSettings({
    file,
    path: found,
    texts: [...fromDotenv, ...fromEnvironment, ...flags],
  })
  return { path: found, settings, openClient: (context) => openClient(settings.prisma, context, found) }
}
