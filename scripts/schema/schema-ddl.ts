import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import * as engineModule from '@prisma/schema-engine-wasm/schema_engine_bg'

/** The database's schema is there already, and making it asks for rights the tables don't need. */
const CREATE_SCHEMA = /^-- CreateSchema\n.*;\n\n/

export type SchemaEngine = engineModule.SchemaEngine

/** One file of a Prisma schema. */
export interface SchemaFile {
  readonly path: string
  readonly content: string
}

/** The SQL that makes the tables of a Prisma schema in an empty PostgreSQL database, as Prisma's own migrations would. */
export async function schemaDdl(engine: SchemaEngine, files: readonly SchemaFile[]): Promise<string> {
  const { stdout } = await engine.diff({
    from: { tag: 'empty' },
    to: { tag: 'schemaDatamodel', files: [...files] },
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  })
  if (stdout === null) throw new Error('The schema engine gave no SQL.')
  return stdout.replace(CREATE_SCHEMA, '')
}

/**
 * Loads Prisma's schema engine; once per process, for its module holds one instance. It is published for bundlers, which
 * would load the WebAssembly file: node needs that done by hand.
 */
export async function loadSchemaEngine(): Promise<SchemaEngine> {
  const script = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg')
  const code = new Uint8Array(await readFile(script.replace(/\.js$/, '.wasm')))
  const { instance } = await WebAssembly.instantiate(code, { './schema_engine_bg.js': { ...engineModule } })
  engineModule.__wbg_set_wasm(instance.exports)
  const start = instance.exports['__wbindgen_start'] as () => void
  start()
  return engineModule.SchemaEngine.new({ datamodels: undefined }, () => {}, NO_DATABASE)
}

const answer = (value: unknown) => () => Promise.resolve({ ok: true, value })

/** Stands for a database: the engine looks at one when it starts, though it makes the SQL from the schema alone. */
const NO_DATABASE = {
  provider: 'postgres',
  adapterName: 'none',
  connect: answer({
    provider: 'postgres',
    adapterName: 'none',
    queryRaw: answer({ columnNames: [], columnTypes: [], rows: [] }),
    executeRaw: answer(0),
    dispose: answer(undefined),
  }),
}
