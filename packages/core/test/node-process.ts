import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** How a process ended, and what it wrote. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** A real Node process running a script. */
export interface NodeProcess {
  readonly child: ChildProcess
  /** Resolves at the next line of its standard output that is this text. */
  line(text: string): Promise<void>
  readonly ended: Promise<Ended>
}

/** Address of a built module of core, for a script to import. */
export function built(module: string): string {
  return new URL(`../dist/${module}`, import.meta.url).href
}

/** Starts Node on the text of an ES module. */
export function startScript(
  script: string,
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): NodeProcess {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    ...options,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const written = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => (written.stdout += String(chunk)))
  child.stderr.on('data', (chunk) => (written.stderr += String(chunk)))
  const lines = createInterface(child.stdout)
  return {
    child,
    line: (text) =>
      new Promise((resolve) => {
        lines.on('line', (line) => line === text && resolve())
      }),
    ended: once(child, 'close').then(([code, signal]) => ({ code, signal, ...written })),
  }
}
