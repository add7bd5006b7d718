// Packs the packages as they would be published, and tries them as a user would: their metadata and types, an install
// into an empty project outside the repository, both module systems under every module resolution, and the commands.
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { runCheck } from './packages/run-check.js'
import { findCommand, readManifest, ROOT } from './setup/repository.mjs'

const PUBLISHED = ['core', 'heartbeat', 'worker', 'cli']
const COMMANDS = ['sisy-heartbeat', 'sisy-worker', 'sisy']
/** The doors of packages that have more than one, and whether CommonJS may come in too. */
const DOORS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  core: [
    ['.', 'node16'],
    ['./internal', 'esm-only'],
  ],
  worker: [
    ['.', 'esm-only'],
    ['./pool', 'esm-only'],
  ],
}
const RESOLUTIONS = [
  { module: 'node16', moduleResolution: 'node16' },
  { module: 'nodenext', moduleResolution: 'nodenext' },
  { module: 'preserve', moduleResolution: 'bundler' },
]
const CONSUMER = fileURLToPath(new URL('packages/consumer/', import.meta.url))

const { packageManager, devDependencies } = readManifest()
const project = mkdtempSync(path.join(tmpdir(), 'sisy-packages-'))
try {
  pack()
  for (const name of PUBLISHED) lint(name)
  install()
  for (const resolution of RESOLUTIONS) typeCheck(resolution)
  runCheck({
    name: 'core loads by import and require',
    command: process.execPath,
    args: ['load.mjs'],
    cwd: project,
  })
  runCheck({ name: 'the pool runs', command: process.execPath, args: ['pool.mjs'], cwd: project })
  for (const command of COMMANDS) {
    runCheck({
      name: `${command} --help`,
      command: 'npm',
      args: ['exec', '--no', '--', command, '--help'],
      cwd: project,
    })
  }
} finally {
  rmSync(project, { recursive: true, force: true })
}

function pack(): void {
  for (const name of PUBLISHED) {
    const args = ['-y', packageManager, 'pack', '--pack-destination', project]
    runCheck({ name: `pack @sisy/${name}`, command: 'npx', args, cwd: path.join(ROOT, 'packages', name) })
  }
}

/** The name of a package's tarball; one that was not packed fails where it is used. */
function tarball(name: string): string {
  return readdirSync(project).find((file) => file.startsWith(`sisy-${name}-`)) ?? `sisy-${name}.tgz`
}

function lint(name: string): void {
  const publint = [findCommand('publint', 'publint'), tarball(name), '--strict']
  runCheck({ name: `publint @sisy/${name}`, command: process.execPath, args: publint, cwd: project })
  // All is ESM only but core's main door.
  for (const [door = '', profile = ''] of DOORS[name] ?? [['.', 'esm-only']]) {
    const attw = findCommand('@arethetypeswrong/cli', 'attw')
    const args = [
      attw,
      tarball(name),
      '--no-color',
      '--no-emoji',
      '--profile',
      profile,
      '--entrypoints',
      door,
    ]
    runCheck({ name: `attw @sisy/${name} ${door}`, command: process.execPath, args, cwd: project })
  }
}

function install(): void {
  cpSync(CONSUMER, project, { recursive: true })
  writeFileSync(path.join(project, 'package.json'), '{ "name": "consumer", "private": true }\n')
  const others = ['@prisma/client', '@types/node'].map(
    (name) => `${name}@${devDependencies[name] ?? 'latest'}`,
  )
  const packages = [...PUBLISHED.map((name) => `./${tarball(name)}`), ...others]
  // Scripts are left out: no package of ours has one, and Prisma's would download an engine.
  const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...packages]
  runCheck({ name: 'npm install into an empty project', command: 'npm', args, cwd: project })
}

function typeCheck({ module, moduleResolution }: (typeof RESOLUTIONS)[number]): void {
  const options = ['--noEmit', '--strict', '--target', 'es2022', '--types', 'node']
  const resolution = ['--module', module, '--moduleResolution', moduleResolution]
  const args = [findCommand('typescript', 'tsc'), ...options, ...resolution, 'esm.mts', 'cjs.cts']
  const name = `types, ESM and CommonJS, under moduleResolution ${moduleResolution}`
  runCheck({ name, command: process.execPath, args, cwd: project })
}
