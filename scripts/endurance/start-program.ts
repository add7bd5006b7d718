import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

/** One of the programs under test, as a real process. */
export interface Program {
  readonly name: string
  readonly pid: number
  /** How it ended: `exit code 0`, `SIGKILL`. */
  readonly ended: Promise<string>
  /** Asks it to end in order; kills it if that takes too long. Resolves to how it ended. */
  end(): Promise<string>
}

export interface ProgramOptions {
  /** Names it in messages and its log file in `logs`. */
  readonly name: string
  /** Its script below `packages`. */
  readonly script: string
  readonly args?: readonly string[]
  /** The app's folder. */
  readonly cwd: string
  /** On top of this process's environment. */
  readonly env: NodeJS.ProcessEnv
  /** Folder of the log files; one that is there is added to. */
  readonly logs: string
}

/** More than a worker's `drainSeconds` and `graceSeconds`, milliseconds. */
const mostEndMs = 30_000

export function startProgram({ name, script, args = [], cwd, env, logs }: ProgramOptions): Program {
  const file = fileURLToPath(new URL(`../../packages/${script}`, import.meta.url))
  // A session of its own: Ctrl-C is for this process, which then ends its programs in order.
  const child = spawn(process.execPath, [file, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const log = createWriteStream(path.join(logs, `${name.replace(' ', '-')}.log`), { flags: 'a' })
  child.stdout.pipe(log, { end: false })
  child.stderr.pipe(log, { end: false })
  const kill = (): unknown => child.kill('SIGKILL')
  process.once('exit', kill)
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code, signal) => {
      process.off('exit', kill)
      log.end(() => resolve(signal ?? `exit code ${code ?? 'unknown'}`))
    })
  })
  return {
    name,
    pid: child.pid ?? 0,
    ended,
    end: async () => {
      child.kill('SIGTERM')
      const timer = setTimeout(kill, mostEndMs)
      const how = await ended
      clearTimeout(timer)
      return how
    },
  }
}
