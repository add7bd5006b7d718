import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** Absolute path of the repository. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/**
 * The root's package.json.
 * @returns {{ packageManager: string, devDependencies: Record<string, string> }}
 */
export const readManifest = () => JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'))

/**
 * Path of the script behind a command of an installed package; run with node itself it needs no shell on any system.
 * @param {string} packageName
 * @param {string} command
 */
export function findCommand(packageName, command) {
  const manifestPath = path.join(ROOT, 'node_modules', packageName, 'package.json')
  const { bin } = JSON.parse(readFileSync(manifestPath, 'utf8'))
  return path.join(path.dirname(manifestPath), typeof bin === 'string' ? bin : bin[command])
}
