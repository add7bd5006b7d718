import { spawn } from 'node:child_process'
import type { Writable } from 'node:stream'
import { createInterface } from 'node:readline'
import { readNotice } from './read-notice.js'

/** One of Sisy's processes, running on its own. */
export interface AppProcess extends AsyncDisposable {
  readonly name: string
  readonly pid: number | undefined
  /** Resolves when it has ended, to how: `ended with code 1`. */
  readonly ended: Promise<string>
  /** Asks it to end; a second time, to end at once. */
  stop(): void
}

export interface AppProcessOptions {
  /** `sisy-heartbeat`, for messages. */
  readonly name: string
  /** Path of its script. */
  readonly script: string
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** Where all it writes goes. */
  readonly log: Writable
  /** Called with each warning and error it writes. */
  readonly onNotice: (text: string) => void
}

/** Starts a process; disposing asks it to end and waits for that. */
export function startProcess({ name, script, cwd, env, log, onNotice }: AppProcessOptions): AppProcess {
  const child = spawn(process.execPath, [script], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl-C reaches a whole process group. In a group of its own this one is ended in its turn.
    detached: process.platform !== 'win32',
  })
  for (const stream of [child.stdout, child.stderr])
    createInterface(stream).on('line', (line) => {
      log.write(`${line}\n`)
      const notice = readNotice(line)
      if (notice !== null) onNotice(`${name}: ${notice}`)
    })
  const ended = new Promise<string>((resolve) => {
    child.once('close', (code, signal) =>
      resolve(signal === null ? `ended with code ${code}` : `was ended by ${signal}`),
    )
  })
  const stop = () => void child.kill('SIGTERM')
  return {
    name,
    pid: child.pid,
    ended,
    stop,
    [Symbol.asyncDispose]: async () => {
      stop()
      await ended
    },
  }
}
