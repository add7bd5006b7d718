import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeAppFolder, type AppFolder } from '../../packages/test-kit/dist/index.js'

/** Path of the generated client, which lies where the app's folder cannot see it. */
export const prismaClientPath = fileURLToPath(
  new URL('../../packages/test-kit/generated/prisma-client-js/index.js', import.meta.url),
)

/** Copies an app of ES modules into a folder of its own, from which everything it imports can be found. */
export function openApp(source: URL): AppFolder {
  const folder = fileURLToPath(source)
  const files = readdirSync(folder).map(
    (name) => [name, readFileSync(path.join(folder, name), 'utf8')] as const,
  )
  return makeAppFolder({ ...Object.fromEntries(files), 'package.json': '{ "type": "module" }' })
}
