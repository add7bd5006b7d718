import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { loadDefaultExport, loadDotenv, oneLine } from '@sisy/core/internal'
import { memberOf } from './member-of.js'

/** What an app tells Prisma in `prisma.config.ts`, as far as it matters here. */
export interface PrismaConfig {
  /** Absolute path of the schema, a file or a folder. Absent: not told. */
  readonly schema?: string
  /** Absolute path of the folder of migrations. Absent: not told. */
  readonly migrations?: string
  /** Why the file could not be read. */
  readonly problem?: string
}

const extensions = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs']
const names = ['prisma.config', '.config/prisma'].flatMap((name) =>
  extensions.map((extension) => `${name}.${extension}`),
)

/**
 * Reads an app's Prisma configuration, if it has one. One that cannot be read is no error yet, since the schema may
 * stand where it usually does: a `DATABASE_URL` that is not set must not keep anybody from setting up.
 */
export async function readPrismaConfig(cwd: string): Promise<PrismaConfig> {
  const path = names.map((name) => resolve(cwd, name)).find((candidate) => existsSync(candidate))
  if (path === undefined) return {}
  loadDotenv(cwd)
  try {
    const config: unknown = await loadDefaultExport(path)
    const schema = textAt(config, 'schema')
    const migrations = textAt(memberOf(config, 'migrations'), 'path')
    return {
      ...(schema === undefined ? {} : { schema: resolve(dirname(path), schema) }),
      ...(migrations === undefined ? {} : { migrations: resolve(dirname(path), migrations) }),
    }
  } catch (thrown) {
    return { problem: oneLine(thrown) }
  }
}

function textAt(value: unknown, name: string): string | undefined {
  const member = memberOf(value, name)
  return typeof member === 'string' ? member : undefined
}
