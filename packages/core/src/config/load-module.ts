import { existsSync, readFileSync } from 'node:fs'
import { createRequire, register } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ConfigError } from '../errors/errors.js'
import { oneLine } from '../errors/one-line.js'

/** What reads an app's TypeScript: `tsx`, which comes with Sisy, or the app's own `ts-node`. */
export type ModuleLoader = 'tsx' | 'ts-node'

/**
 * Default export of a module of the app, TypeScript or JavaScript, ESM or CommonJS; undefined when it has none.
 * Loading TypeScript leaves the loader in this process, since the app may import more of it later.
 *
 * @throws ConfigError when the module cannot be found, read or run.
 */
export async function loadDefaultExport(path: string, loader: ModuleLoader = 'tsx'): Promise<unknown> {
  try {
    return unwrapDefault(await importWith(loader, path))
  } catch (thrown) {
    if (thrown instanceof ConfigError) throw thrown
    throw new ConfigError(
      `${path} could not be loaded: ${oneLine(thrown)}`,
      { source: path },
      { cause: thrown },
    )
  }
}

async function importWith(loader: ModuleLoader, path: string): Promise<unknown> {
  const isTypeScript = /\.[mc]?ts$/.test(path)
  if (isTypeScript && loader === 'ts-node') return importWithTsNode(path)
  if (isTypeScript) {
    const [cjs, esm] = [await import('tsx/cjs/api'), await import('tsx/esm/api')]
    cjs.register()
    esm.register()
  }
  return import(pathToFileURL(path).href)
}

/** Unlike tsx, ts-node has one way for ES modules and another for CommonJS, and types to check unless told not to. */
async function importWithTsNode(path: string): Promise<unknown> {
  const appRequire = createRequire(path)
  if (!isInstalled('ts-node', appRequire)) {
    throw new ConfigError(
      `${path} is to be read by ts-node, which the app has not installed. Run npm install --save-dev ts-node.`,
      {
        setting: '--loader',
        value: 'ts-node',
      },
    )
  }
  process.env['TS_NODE_TRANSPILE_ONLY'] ??= 'true'
  process.env['TS_NODE_CWD'] ??= dirname(path)
  if (isEsm(path)) {
    register(pathToFileURL(appRequire.resolve('ts-node/esm')).href)
    return import(pathToFileURL(path).href)
  }
  appRequire('ts-node/register')
  const exported: unknown = appRequire(path)
  return { default: exported }
}

function isInstalled(name: string, appRequire: NodeJS.Require): boolean {
  try {
    appRequire.resolve(name)
    return true
  } catch {
    return false
  }
}

/** Whether Node takes this file for an ES module: by its extension, else by the nearest package.json. */
export function isEsm(path: string): boolean {
  if (/\.m[jt]s$/.test(path)) return true
  if (/\.c[jt]s$/.test(path)) return false
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    if (existsSync(manifest)) return readType(manifest) === 'module'
    if (dirname(folder) === folder) return false
  }
}

function readType(manifest: string): unknown {
  const content: unknown = JSON.parse(readFileSync(manifest, 'utf8'))
  return typeof content === 'object' && content !== null && 'type' in content ? content.type : undefined
}

/** Between ES modules and CommonJS a default export may arrive wrapped once more, or twice. */
function unwrapDefault(module: unknown): unknown {
  if (typeof module !== 'object' || module === null || !('default' in module)) return undefined
  let value: unknown = module.default
  while (typeof value === 'object' && value !== null && '__esModule' in value) {
    value = 'default' in value ? value.default : undefined
  }
  return value
}
