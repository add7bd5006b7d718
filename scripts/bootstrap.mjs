// The way from a fresh clone to a running command, with nothing but Node and npm: `node scripts/bootstrap.mjs
// <install|generate|build|test|start|soak|chaos|bench> [arguments]`. Each command does what it needs first; what is up to
// date is skipped. Plain JavaScript without dependencies, for it runs before anything is installed.
import process from 'node:process'
import { build } from './setup/build.mjs'
import { generateClients } from './setup/generate-clients.mjs'
import { installDependencies } from './setup/install-dependencies.mjs'
import { requireNode } from './setup/require-node.mjs'
import { runExample } from './setup/run-example.mjs'
import { runScript } from './setup/run-script.mjs'
import { runTests } from './setup/run-tests.mjs'
import { runStep } from './setup/step.mjs'

const INSTALL = { name: 'install', act: installDependencies }
const GENERATE = { name: 'generate', act: generateClients }
const BUILD = { name: 'build', act: build }

const COMMANDS = {
  install: { needs: [INSTALL] },
  generate: { needs: [INSTALL, GENERATE] },
  build: { needs: [INSTALL, GENERATE, BUILD] },
  test: { needs: [INSTALL, GENERATE, BUILD], run: runTests },
  start: { needs: [INSTALL, GENERATE, BUILD], run: runExample },
  soak: { needs: [INSTALL, GENERATE, BUILD], run: runScript('soak.ts') },
  chaos: { needs: [INSTALL, GENERATE, BUILD], run: runScript('chaos.ts') },
  bench: { needs: [INSTALL, GENERATE, BUILD], run: runScript('bench.ts') },
}

const [name, ...args] = process.argv.slice(2)
const command = Object.entries(COMMANDS).find(([known]) => known === name)?.[1]
if (!command) throw new Error(`Unknown command '${name}'. Known: ${Object.keys(COMMANDS).join(', ')}.`)

requireNode()
for (const step of command.needs) runStep(step)
if ('run' in command) process.exitCode = await command.run(args)
