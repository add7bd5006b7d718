import { readFile } from 'node:fs/promises'
import { loadSchemaEngine, schemaDdl, type SchemaFile } from './schema-ddl.js'

const root = new URL('../../', import.meta.url)
const read = async (path: string): Promise<SchemaFile> => ({
  path,
  content: await readFile(new URL(path, root), 'utf8'),
})

const DATASOURCE: SchemaFile = {
  path: 'datasource.prisma',
  content: 'datasource db {\n  provider = "postgresql"\n}\n',
}

const EXAMPLE = 'examples/uptime-monitor/prisma'

/** What is made from the fragment, the test models and the example's: the wanted content of each file, paths relative to the repository. */
export async function deriveSchemaFiles(): Promise<readonly SchemaFile[]> {
  const fragment = await read('prisma/sisy.prisma')
  const indexes = await read('prisma/sisy-indexes.sql')
  const app = await read('prisma/test/app.prisma')
  const example = await read(`${EXAMPLE}/app.prisma`)
  const engine = await loadSchemaEngine()
  const sql = async (files: readonly SchemaFile[]) =>
    `${(await schemaDdl(engine, files)).trimEnd()}\n\n${indexes.content}`
  return [
    { path: 'prisma/sisy.sql', content: await sql([DATASOURCE, fragment]) },
    { path: 'prisma/test/sisy.prisma', content: fragment.content },
    { path: 'prisma/test/schema.sql', content: await sql([app, fragment]) },
    { path: `${EXAMPLE}/sisy.prisma`, content: fragment.content },
    { path: `${EXAMPLE}/migrations/0_init/migration.sql`, content: await sql([example, fragment]) },
  ]
}
