import type { Database } from '../database.js'
import type { Column, ServerVersion, TableInspection } from '../inspector.js'
import type { Tables } from './tables.js'

/** What the server is. The first question to a database, since it fails when there is none. */
export async function readServerVersion(db: Database): Promise<ServerVersion> {
  const [row] = await db.query<{ text: string; number: number }>(
    `SELECT version() AS text, current_setting('server_version_num')::int AS number`,
    [],
  )
  const { text, number } = row ?? { text: 'unknown', number: 0 }
  // PGlite is PostgreSQL compiled for WebAssembly; it names that platform, and has no name of its own.
  return { text, number, isPglite: /emscripten|wasm32|pglite/i.test(text) }
}

/** What stands in the database of Sisy's tables. Only reads the catalogue. */
export async function inspectTables(db: Database, tables: Tables): Promise<TableInspection[]> {
  const names = [tables.task, tables.run, tables.worker]
  const rows = await db.query<{ name: string; columns: Column[]; indexes: string[]; missing: string[] }>(
    `SELECT wanted.name,
       (SELECT coalesce(json_agg(json_build_object('name', a.attname, 'type', t.typname) ORDER BY a.attnum), '[]')
        FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid
        WHERE a.attrelid = wanted.id AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
       (SELECT coalesce(json_agg(c.relname ORDER BY c.relname), '[]')
        FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
        WHERE i.indrelid = wanted.id AND i.indisvalid) AS indexes,
       (SELECT coalesce(json_agg(needed.right_name), '[]')
        FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS needed(right_name)
        WHERE NOT has_table_privilege(wanted.id, needed.right_name)) AS missing
     FROM (SELECT name, to_regclass(name)::oid AS id FROM unnest($1::text[]) AS given(name)) AS wanted`,
    [names],
  )
  return rows.map(({ name, columns, indexes, missing }) => ({
    name: unqualified(name),
    columns,
    indexes,
    missingRights: missing,
  }))
}

function unqualified(name: string): string {
  return name.slice(name.lastIndexOf('."') + 1).replaceAll('"', '')
}
