import { startNode, type EndedProcess } from '@sisy/test-kit'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../dist/bin.js', import.meta.url))

/** Runs the built `sisy` in a folder. */
export function runSisy(
  cwd: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<EndedProcess> {
  return startNode([bin, ...args], { cwd, env }).ended
}
