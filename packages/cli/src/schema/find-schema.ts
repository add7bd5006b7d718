import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ConfigError } from '@sisy/core/internal'
import { appSchema, type AppSchema } from './app-schema.js'
import { memberOf } from './member-of.js'
import type { PrismaConfig } from './prisma-config.js'

const usualPlaces = ['schema.prisma', 'prisma/schema.prisma', 'prisma/schema', 'prisma']

/** Where to look for an app's schema. */
export interface FindSchemaOptions {
  /** The app's folder. */
  readonly cwd: string
  /** File or folder, relative to `cwd`. Default: what Prisma's own configuration says, else the usual places. */
  readonly path?: string
  readonly prismaConfig: PrismaConfig
}

/**
 * Finds and reads an app's Prisma schema.
 *
 * @throws ConfigError when there is none, or none with a datasource.
 */
export function findSchema({ cwd, path, prismaConfig }: FindSchemaOptions): AppSchema {
  const named = path ?? prismaConfig.schema ?? schemaOfManifest(cwd)
  const candidates = (named === undefined ? usualPlaces : [named]).map((place) => resolve(cwd, place))
  const found = candidates.filter((candidate) => existsSync(candidate)).map(readSchema)
  const complete = found.find(({ blocks }) => blocks.some(({ kind }) => kind === 'datasource'))
  if (complete !== undefined) return complete
  const why = prismaConfig.problem === undefined ? '' : ` (${prismaConfig.problem})`
  throw new ConfigError(
    `There is no Prisma schema with a datasource at ${candidates.join(', ')}${why}. ` +
      'Run this in the folder of your app, or name the schema with --schema.',
    { setting: 'schema', source: cwd },
  )
}

function readSchema(path: string): AppSchema {
  const isFolder = statSync(path).isDirectory()
  const paths = isFolder ? prismaFilesIn(path) : [path]
  const files = paths.map((file) => ({ path: file, text: readFileSync(file, 'utf8') }))
  return appSchema(path, isFolder ? 'folder' : 'file', files)
}

function prismaFilesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.prisma'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('node_modules'))
    .sort()
}

function schemaOfManifest(cwd: string): string | undefined {
  const path = join(cwd, 'package.json')
  if (!existsSync(path)) return undefined
  const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'))
  const prisma = memberOf(manifest, 'prisma')
  const schema = memberOf(prisma, 'schema')
  return typeof schema === 'string' ? schema : undefined
}
