import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { readManifest } from '../../setup/repository.mjs'

const folder = fileURLToPath(new URL('../peers/', import.meta.url))

/** Whether the peers are installed. */
export function peersAreInstalled(): boolean {
  return peerNames().every((name) => existsSync(path.join(folder, 'node_modules', name)))
}

/** Installs what we are compared with, unless it is installed; it is no dependency of the packages. @throws Error when it fails. */
export function installPeers(): void {
  if (peersAreInstalled()) return
  console.log(`Installing ${peerNames().join(', ')} for comparison …`)
  const { status, error } = spawnSync(
    'npx',
    ['-y', readManifest().packageManager, 'install', '--frozen-lockfile', '--loglevel=error'],
    {
      cwd: folder,
      // npx is a shell script on Windows.
      shell: process.platform === 'win32',
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  )
  if (status !== 0) throw error ?? new Error(`The peers could not be installed; npx ended with ${status}.`)
}

/** What is installed, on one line: `bullmq 6.7.0, …`. */
export function describePeers(): string {
  return peerNames()
    .map((name) => {
      const { version } = readJson(path.join(folder, 'node_modules', name, 'package.json')) as {
        version: string
      }
      return `${name} ${version}`
    })
    .join(', ')
}

function peerNames(): string[] {
  return Object.keys((readJson(path.join(folder, 'package.json')) as { dependencies: object }).dependencies)
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'))
}
