import { spawnSync } from 'node:child_process'
import process from 'node:process'

export interface Check {
  /** What is checked, for the line that tells the outcome. */
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
}

/** Runs a command, prints one line with its outcome, and its output when it failed; then the process will exit with 1. */
export function runCheck({ name, command, args, cwd }: Check): void {
  // npm and npx are shell scripts on Windows.
  const shell = process.platform === 'win32' && command !== process.execPath
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, shell, encoding: 'utf8' })
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name}`)
  if (status === 0) return
  console.error(`${stdout}${stderr}${error?.message ?? ''}`)
  process.exitCode = 1
}
