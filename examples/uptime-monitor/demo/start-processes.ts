import { createWriteStream } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { startProcess, type AppProcess } from './app-process.js'

const APP = fileURLToPath(new URL('..', import.meta.url))
/** Where heartbeat and worker log, relative to the app. */
export const LOG_FILE = 'uptime-monitor.log'

type ProcessName = 'sisy-heartbeat' | 'sisy-worker'

/** The app's processes. */
export interface AppProcesses extends AsyncDisposable {
  /** Their names and process ids, for the reader. */
  readonly description: string
  /** Rejects when one of them ends unasked, telling which and how. */
  readonly failed: Promise<never>
  /** Asks them to end at once. */
  stopNow(): void
}

/** Starts `sisy-heartbeat` and `sisy-worker`; disposing ends the one, then the other, each in order. */
export function startProcesses(onNotice: (text: string) => void): AppProcesses {
  const log = createWriteStream(path.join(APP, LOG_FILE))
  log.on('error', (error) => onNotice(`No log is kept: ${error.message}`))
  const start = (name: ProcessName) =>
    startProcess({ name, script: scriptOf(name), cwd: APP, env: process.env, log, onNotice })
  const worker = start('sisy-worker')
  const heartbeat = start('sisy-heartbeat')
  const failed = Promise.race([failureOf(worker), failureOf(heartbeat)])
  // Nobody may be waiting for it any more.
  failed.catch(() => {})
  return {
    description: [heartbeat, worker].map(({ name, pid }) => `${name} (pid ${pid})`).join(', '),
    failed,
    stopNow: () => {
      for (const process of [heartbeat, worker]) process.stop()
    },
    [Symbol.asyncDispose]: async () => {
      await heartbeat[Symbol.asyncDispose]()
      await worker[Symbol.asyncDispose]()
      log.end()
    },
  }
}

async function failureOf({ name, ended }: AppProcess): Promise<never> {
  throw new Error(`${name} ${await ended}; its log is ${path.join(APP, LOG_FILE)}.`)
}

/** The script behind a command, which `npx` would look up as well. */
function scriptOf(command: ProcessName): string {
  const require = createRequire(import.meta.url)
  const manifest = require.resolve(`@sisy/${command.replace('sisy-', '')}/package.json`)
  const { bin } = require(manifest) as { bin: Record<ProcessName, string> }
  return path.join(path.dirname(manifest), bin[command])
}
