import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT } from './repository.mjs'
import { runInForeground } from './run-command.mjs'

/**
 * Makes a command of a TypeScript script in `scripts/`: it runs in the foreground and resolves to its exit code.
 * @param {string} script
 * @returns {(args: string[]) => Promise<number>}
 */
export const runScript = (script) => (args) =>
  runInForeground([
    '--import',
    pathToFileURL(path.join(ROOT, 'scripts/run-typescript.mjs')).href,
    path.join(ROOT, 'scripts', script),
    ...args,
  ])
