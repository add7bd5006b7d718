import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const repository = fileURLToPath(new URL('../../..', import.meta.url))

/** A folder of an app, made of the given files; it can import what the repository's root can. */
export interface AppFolder extends Disposable {
  readonly path: string
}

/** Writes an app's files, by their path in it, into a new temporary folder, which is deleted when disposed. */
export function makeAppFolder(files: Readonly<Record<string, string>>): AppFolder {
  const path = mkdtempSync(join(tmpdir(), 'sisy-app-'))
  symlinkSync(join(repository, 'node_modules'), join(path, 'node_modules'))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true })
    writeFileSync(join(path, name), content)
  }
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) }
}
