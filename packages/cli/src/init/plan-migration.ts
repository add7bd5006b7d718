import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { AppSchema } from '../schema/app-schema.js'
import type { Fragment } from '../schema/fragment.js'
import type { PrismaConfig } from '../schema/prisma-config.js'
import { databaseSchema } from './plan-schema.js'
import type { PlannedFile } from './planned-file.js'

/** What a migration is planned from. */
export interface PlanMigrationOptions {
  readonly schema: AppSchema
  readonly prismaConfig: PrismaConfig
  readonly fragment: Fragment
  /** The current instant, which the migration is named after. */
  readonly now: Date
}

/**
 * The migration that makes Sisy's tables, with the indexes Prisma's schema cannot say. Empty when a migration makes
 * them already: later versions of the fragment are migrated by `prisma migrate dev` itself.
 */
export function planMigration({ schema, prismaConfig, fragment, now }: PlanMigrationOptions): PlannedFile[] {
  const folder = migrationsFolder(schema, prismaConfig)
  const migrations = readMigrations(folder)
  if (migrations.some(({ sql }) => /CREATE TABLE[^(]*"sisy_task"/i.test(sql))) return []
  const stamp = stampAfter(
    migrations
      .map(({ name }) => name)
      .sort()
      .at(-1),
    now,
  )
  const path = join(folder, `${stamp}_sisy`, 'migration.sql')
  return [{ path, text: inDatabaseSchema(fragment.sql, databaseSchema(schema)), change: 'create' }]
}

/** Where Prisma looks for migrations: as configured, else beside the datasource. */
function migrationsFolder({ blocks, path }: AppSchema, { migrations }: PrismaConfig): string {
  const datasource = blocks.find(({ kind }) => kind === 'datasource')
  return migrations ?? join(dirname(datasource?.file.path ?? path), 'migrations')
}

function readMigrations(folder: string): { readonly name: string; readonly sql: string }[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name, 'migration.sql')
    return existsSync(path) ? [{ name, sql: readFileSync(path, 'utf8') }] : []
  })
}

/** Prisma applies migrations in the order of their names, so ours has to sort behind the app's last one. */
function stampAfter(last: string | undefined, now: Date): string {
  const stamp = now.toISOString().replace(/\D/g, '').slice(0, 14)
  const lastStamp = /^\d{14}/.exec(last ?? '')?.[0]
  return lastStamp === undefined || lastStamp < stamp ? stamp : String(BigInt(lastStamp) + 1n)
}

function inDatabaseSchema(sql: string, name: string | undefined): string {
  return name === undefined ? sql : sql.replace(/\b(TABLE|ON|REFERENCES) ("sisy_\w+")/g, `$1 "${name}".$2`)
}
