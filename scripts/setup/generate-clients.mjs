import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { findCommand, ROOT } from './repository.mjs'
import { runNode } from './run-command.mjs'
import { hashOf, isCurrent, writeStamp } from './stamp.mjs'

/** Generates the Prisma clients of the test schema and of the examples, as far as their schemas have changed. */
export function generateClients() {
  const outdated = schemas().filter((schema) => generate(schema) === 'done')
  return outdated.length > 0 ? 'done' : 'up to date'
}

/** A schema is a folder of .prisma files; `cwd` is where its prisma.config.ts lies, if it has one. */
function schemas() {
  const examples = readdirSync(path.join(ROOT, 'examples')).map((name) => path.join(ROOT, 'examples', name))
  return [
    { cwd: ROOT, folder: path.join(ROOT, 'prisma/test') },
    ...examples
      .map((cwd) => ({ cwd, folder: path.join(cwd, 'prisma') }))
      .filter(({ folder }) => existsSync(folder)),
  ]
}

/** @param {{ cwd: string, folder: string }} schema */
function generate({ cwd, folder }) {
  const files = schemaFiles(folder)
  const hash = hashOf([...files, path.join(ROOT, 'pnpm-lock.yaml')])
  // The stamp lies in the generated folder, so it is gone when that is.
  const stamps = outputs(files).map((output) => path.join(output, '.generated-from'))
  if (stamps.every((stamp) => isCurrent(stamp, hash))) return 'up to date'
  // The command looks for Prisma's native engine and would download it, though generating needs none: any program will do.
  const env = {
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: 'true',
    CHECKPOINT_DISABLE: '1',
  }
  runNode([findCommand('prisma', 'prisma'), 'generate', '--no-hints', '--schema', folder], { cwd, env })
  for (const stamp of stamps) writeStamp(stamp, hash)
  return 'done'
}

/** @param {string} folder */
const schemaFiles = (folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.prisma'))
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile())
    .sort()

/** @param {string[]} files */
const outputs = (files) =>
  files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/^\s*output\s*=\s*"(.+)"/gm)].map(([, output = '']) =>
      path.resolve(path.dirname(file), output),
    ),
  )
