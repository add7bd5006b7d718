import { spawn, spawnSync } from 'node:child_process'
import process from 'node:process'
import { ROOT } from './repository.mjs'
import { StepFailed } from './step.mjs'

/**
 * Runs a script of node's as a part of a step. Its output is shown only when it fails.
 * @param {string[]} args of node: the script and its arguments
 * @param {{ cwd?: string, env?: Record<string, string> }} [options]
 */
export function runNode(args, { cwd = ROOT, env = {} } = {}) {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    maxBuffer: Infinity,
  })
  if (status === 0) return
  process.stderr.write(`${stdout}${stderr}`)
  throw new StepFailed(error?.message ?? `node ${args.join(' ')} ended with ${status}.`)
}

const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])

/**
 * Runs a script of node's in the foreground, and resolves to its exit code. A signal is left to the script: it has had a
 * terminal's Ctrl-C itself, other signals are passed on, and this process ends after it.
 * @param {string[]} args of node: the script and its arguments
 * @param {{ cwd?: string, env?: Record<string, string> }} [options]
 * @returns {Promise<number>}
 */
export function runInForeground(args, { cwd = ROOT, env = {} } = {}) {
  const child = spawn(process.execPath, args, { cwd, env: { ...process.env, ...env }, stdio: 'inherit' })
  for (const signal of SIGNALS) process.on(signal, () => signal !== 'SIGINT' && child.kill(signal))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 1))
  })
}
