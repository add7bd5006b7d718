import { spawnSync } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'
import { readManifest, ROOT } from './repository.mjs'
import { hashOf, isCurrent, writeStamp } from './stamp.mjs'
import { StepFailed } from './step.mjs'

const STAMP = path.join(ROOT, 'node_modules/.sisy-installed')

/** Installs the dependencies as locked, unless they are installed. */
export function installDependencies() {
  const hash = hashOf(
    ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json'].map((file) => path.join(ROOT, file)),
  )
  if (isCurrent(STAMP, hash)) return 'up to date'
  const { packageManager } = readManifest()
  const { status, error } = spawnSync(
    'npx',
    ['-y', packageManager, 'install', '--frozen-lockfile', '--loglevel=error'],
    {
      cwd: ROOT,
      // npx is a shell script on Windows.
      shell: process.platform === 'win32',
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, CI: 'true' },
    },
  )
  if (status !== 0)
    throw new StepFailed(error?.message ?? `npx ${packageManager} install ended with ${status}.`)
  writeStamp(STAMP, hash)
  return 'done'
}
