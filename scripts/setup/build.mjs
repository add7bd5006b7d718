import { cpSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { findCommand, ROOT } from './repository.mjs'
import { runNode } from './run-command.mjs'
import { hashOf, isCurrent, writeStamp } from './stamp.mjs'

const CORE = path.join(ROOT, 'packages/core')
const FRAGMENT = ['sisy.prisma', 'sisy.sql', 'sisy-indexes.sql']
const FRAGMENT_COPY = path.join(ROOT, 'packages/cli/dist/fragment')

/** Builds all packages into their dist folders: ESM by `tsc -b`, core's CommonJS by tsdown, and the fragment that the cli carries. */
export function build() {
  runNode([findCommand('typescript', 'tsc'), '--build'])
  mkdirSync(FRAGMENT_COPY, { recursive: true })
  for (const file of FRAGMENT) cpSync(path.join(ROOT, 'prisma', file), path.join(FRAGMENT_COPY, file))
  buildCommonJs()
  return /** @type {const} */ ('done')
}

function buildCommonJs() {
  const stamp = path.join(CORE, 'dist/cjs/.built-from')
  const hash = hashOf([
    path.join(CORE, 'src'),
    path.join(CORE, 'package.json'),
    path.join(CORE, 'tsdown.config.ts'),
  ])
  if (isCurrent(stamp, hash)) return
  runNode([findCommand('tsdown', 'tsdown')], { cwd: CORE })
  writeStamp(stamp, hash)
}
