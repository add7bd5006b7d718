import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'

/** How a process ended, and what it wrote. */
export interface EndedProcess {
  /** Null when a signal ended it. */
  readonly code: number | null
  /** Null when it ended by itself. */
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** A real Node process. */
export interface NodeProcess {
  readonly child: ChildProcess
  /** Resolves at the next line of its standard output that contains this text; rejects when it ends without one. */
  line(text: string): Promise<void>
  readonly ended: Promise<EndedProcess>
}

export interface StartNodeOptions {
  /** Default: the test's own folder. */
  readonly cwd?: string
  /** Variables besides the test's own. */
  readonly env?: NodeJS.ProcessEnv
}

/** Starts Node with these arguments: a file and its arguments, or `--eval` and a script. */
export function startNode(args: readonly string[], { cwd, env }: StartNodeOptions = {}): NodeProcess {
  const child = spawn(process.execPath, args, {
    ...(cwd !== undefined && { cwd }),
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const written = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (written.stdout += chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (written.stderr += chunk))
  const lines = createInterface(child.stdout)
  const ended = new Promise<EndedProcess>((resolve) => {
    child.once('close', (code, signal) => {
      resolve({ code, signal, ...written })
    })
  })
  return {
    child,
    line: (text) => {
      const found = new Promise<void>((resolve, reject) => {
        lines.on('line', (line) => {
          if (line.includes(text)) resolve()
        })
        void ended.then(({ code, signal, stdout, stderr }) => {
          reject(new Error(`It ended with ${code ?? signal} and never wrote "${text}".\n${stdout}${stderr}`))
        })
      })
      // Whoever does not wait for it any more is not told.
      found.catch(() => undefined)
      return found
    },
    ended,
  }
}
