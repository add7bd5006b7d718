// Writes the files made from the schema fragment: the SQL of its tables, and the test schema with its SQL.
import { writeFile } from 'node:fs/promises'
import { deriveSchemaFiles } from './schema/derived-schema-files.js'

for (const { path, content } of await deriveSchemaFiles()) {
  await writeFile(new URL(`../${path}`, import.meta.url), content)
  console.log(`wrote ${path}`)
}
