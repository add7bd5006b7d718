import path from 'node:path'
import { ROOT } from './repository.mjs'
import { runInForeground } from './run-command.mjs'

const EXAMPLE = path.join(ROOT, 'examples/uptime-monitor')

/**
 * Runs the example in the foreground, and resolves to its exit code.
 * @param {string[]} args of the example
 */
export const runExample = (args) =>
  runInForeground([path.join(EXAMPLE, 'scripts/start.mjs'), ...args], { cwd: EXAMPLE })
