// Type-checks what the build leaves out: all tests and scripts with our own compiler, and core's type tests with every
// compiler that apps may use.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { findCommand, ROOT } from './setup/repository.mjs'

const TYPE_TESTS = 'packages/core/test/types'
const COMPILERS = ['typescript', 'typescript-6', 'typescript-7']

const foldersOf = (parent: string) => readdirSync(path.join(ROOT, parent)).map((name) => `${parent}/${name}`)

const projects = [
  'scripts',
  ...foldersOf('packages').map((folder) => `${folder}/test`),
  ...foldersOf('examples').flatMap((folder) => [folder, `${folder}/test`]),
].filter((project) => existsSync(path.join(ROOT, project, 'tsconfig.json')))

function check(project: string, compiler: string): void {
  const args = [findCommand(compiler, 'tsc'), '--noEmit', '--project', project]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' })
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${project} with ${compiler}`)
  if (status === 0) return
  console.error(`${stdout}${stderr}`)
  process.exitCode = 1
}

for (const project of projects) check(project, 'typescript')
for (const compiler of COMPILERS) check(TYPE_TESTS, compiler)
