import { findCommand } from './repository.mjs'
import { runInForeground } from './run-command.mjs'

/**
 * Runs jest, and resolves to its exit code.
 * @param {string[]} args of jest
 */
export const runTests = (args) =>
  // Jest needs node's vm modules to run tests that are ES modules.
  runInForeground(
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      findCommand('jest', 'jest'),
      ...args,
    ],
    { env: { TS_NODE_TRANSPILE_ONLY: 'true' } },
  )
