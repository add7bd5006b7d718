import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT } from './repository.mjs'
import { runInForeground } from './run-command.mjs'

/**
 * Runs the soak in the foreground, and resolves to its exit code.
 * @param {string[]} args of the soak
 */
export const runSoak = (args) =>
  runInForeground([
    '--import',
    pathToFileURL(path.join(ROOT, 'scripts/run-typescript.mjs')).href,
    path.join(ROOT, 'scripts/soak.ts'),
    ...args,
  ])
