import { readdir, readFile } from 'node:fs/promises'
import pg from 'pg'
import type { DatabaseLocation } from '../src/database-location.js'

const MIGRATIONS = new URL('../prisma/migrations/', import.meta.url)

/**
 * Applies the SQL migrations that the schema has not had yet, all or none, and resolves to their names. In an app of your
 * own `prisma migrate deploy` does this; it would download Prisma's engine, which the example does without.
 */
export async function applyMigrations({ connectionString, schema }: DatabaseLocation): Promise<string[]> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    await client.query('BEGIN')
    // Two that start at once take turns.
    await client.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`uptime-monitor ${schema}`])
    await useSchema(client, schema)
    const missing = await missingMigrations(client)
    for (const name of missing) {
      await client.query(await readFile(new URL(`${name}/migration.sql`, MIGRATIONS), 'utf8'))
      await client.query('INSERT INTO applied_migration (name) VALUES ($1)', [name])
    }
    await client.query('COMMIT')
    return missing
  } finally {
    await client.end()
  }
}

async function useSchema(client: pg.Client, schema: string): Promise<void> {
  const name = pg.escapeIdentifier(schema)
  const { rowCount } = await client.query('SELECT FROM pg_namespace WHERE nspname = $1', [schema])
  if (rowCount === 0) await client.query(`CREATE SCHEMA ${name}`)
  await client.query(`SET LOCAL search_path TO ${name}`)
}

async function missingMigrations(client: pg.Client): Promise<string[]> {
  await client.query(
    'CREATE TABLE IF NOT EXISTS applied_migration (name text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())',
  )
  const { rows } = await client.query<{ name: string }>('SELECT name FROM applied_migration')
  const applied = new Set(rows.map(({ name }) => name))
  const folders = await readdir(MIGRATIONS)
  return folders.filter((name) => !applied.has(name)).sort()
}
