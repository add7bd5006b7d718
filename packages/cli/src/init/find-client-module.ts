import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The module of an app that exports its Prisma client. */
export interface ClientModule {
  /** Path relative to the app's folder. */
  readonly path: string
  /** Name under which it exports the client; `default` for a default export or a CommonJS `module.exports`. */
  readonly exported: string
  /** Whether the module mentions Sisy, so that the client most likely has the plugin. */
  readonly mentionsSisy: boolean
}

const folders = ['src', 'src/lib', 'src/db', 'src/prisma', 'src/database', 'src/server', 'src/utils']
const otherFolders = ['', 'lib', 'db', 'server', 'utils', 'app', 'app/lib', 'app/utils']
const names = [
  'db',
  'prisma',
  'client',
  'prisma-client',
  'prismaClient',
  'database',
  'db.server',
  'prisma.server',
  'index',
]
const extensions = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs']

/** Looks where apps usually keep their client; undefined when it is in none of these places, or its export is not clear. */
export function findClientModule(cwd: string): ClientModule | undefined {
  for (const folder of [...folders, ...otherFolders]) {
    for (const name of names) {
      for (const extension of extensions) {
        const path = [folder, `${name}.${extension}`].filter((part) => part !== '').join('/')
        const found = existsSync(join(cwd, path))
          ? readModule(path, readFileSync(join(cwd, path), 'utf8'))
          : undefined
        if (found !== undefined) return found
      }
    }
  }
  return undefined
}

function readModule(path: string, text: string): ClientModule | undefined {
  if (!/new PrismaClient\b|\.\$extends\(/.test(text)) return undefined
  const exported = exportedClient(text)
  return exported === undefined ? undefined : { path, exported, mentionsSisy: text.includes('@sisy/core') }
}

function exportedClient(text: string): string | undefined {
  const names = exportedNames(text)
  const usual = ['prisma', 'db', 'client', 'prismaClient'].find((name) => names.includes(name))
  if (usual !== undefined) return usual
  return /^export default\b|^module\.exports =/m.test(text) ? 'default' : undefined
}

/** Names a module exports, whether one by one or in a list, as ES modules or CommonJS do. */
function exportedNames(text: string): string[] {
  const single = [...text.matchAll(/^export (?:const|let|var) (\w+)|\bexports\.(\w+)\s*=/gm)]
  const lists = [...text.matchAll(/^(?:export|module\.exports\s*=)\s*\{([^}]*)\}/gm)]
  return [
    ...single.map(([, esm, commonJs]) => esm ?? commonJs ?? ''),
    ...lists.flatMap(([, list = '']) => list.split(',').map(nameInList)),
  ]
}

/** `prisma` out of `client as prisma`, `prisma: client` and `prisma`. */
const nameInList = (item: string) =>
  item
    .replace(/:[^]*$/, '')
    .replace(/^[^]*\sas\s/, '')
    .trim()
