import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { ConfigError } from '../errors/errors.js'

/** Names a configuration file may have, in the order they are looked for. */
export const configNames = [
  'sisy.config.ts',
  'sisy.config.mts',
  'sisy.config.js',
  'sisy.config.mjs',
  'sisy.config.cjs',
]

/**
 * Absolute path of the configuration: `path` if given (relative to `cwd`), else the first of `configNames` in `cwd`.
 *
 * @throws ConfigError when there is none.
 */
export function findConfig(cwd: string, path?: string): string {
  const candidates = (path === undefined ? configNames : [path]).map((name) => resolve(cwd, name))
  const found = candidates.find((candidate) => existsSync(candidate))
  if (found !== undefined) return found
  throw new ConfigError(
    path === undefined
      ? `There is no sisy.config.ts (or .mts, .js, .mjs, .cjs) in ${cwd}. Run npx sisy init there, or name the file with --config.`
      : `There is no configuration at ${candidates[0]} (from --config). Correct the path, or run npx sisy init.`,
    { source: path ?? cwd },
  )
}
