// Fails when a file made from the schema fragment is not what the fragment makes now.
import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { deriveSchemaFiles } from './schema/derived-schema-files.js'

for (const { path, content } of await deriveSchemaFiles()) {
  const present = await readFile(new URL(`../${path}`, import.meta.url), 'utf8').catch(() => null)
  if (present === content) continue
  console.error(
    `${path} is ${present === null ? 'missing' : 'stale'}: run \`pnpm schema\` and commit what it writes.`,
  )
  process.exitCode = 1
}
