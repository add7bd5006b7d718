import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** An app in a folder of its own, outside the repository. */
export interface AppFolder extends Disposable {
  /** Absolute path, without symbolic links. */
  readonly path: string
}

const repository = fileURLToPath(new URL('../../..', import.meta.url))
const installed = ['node_modules', 'packages/test-kit/node_modules'].map((folder) => join(repository, folder))

/**
 * Writes an app's files, by their path in it, into a new temporary folder, which is deleted when disposed. The app can
 * import what the repository and this package have installed: `@sisy/core`, Prisma, TypeScript, ts-node.
 */
export function makeAppFolder(files: Readonly<Record<string, string>>): AppFolder {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'sisy-app-')))
  for (const folder of installed) {
    for (const name of packagesIn(folder))
      link(realpathSync(join(folder, name)), join(path, 'node_modules', name))
  }
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true })
    writeFileSync(join(path, name), content)
  }
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) }
}

function packagesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    if (name.startsWith('.')) return []
    return name.startsWith('@') ? readdirSync(join(folder, name)).map((inner) => `${name}/${inner}`) : [name]
  })
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true })
  rmSync(path, { force: true })
  symlinkSync(target, path, 'junction')
}
