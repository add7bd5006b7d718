import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'dotenv'

/** A `.env` file that was read. */
export interface Dotenv {
  readonly path: string
  readonly variables: Readonly<Record<string, string>>
}

/**
 * Reads the `.env` file of a folder, if there is one, and puts into `process.env`, where the app's code looks, every
 * variable that is not set there yet.
 */
export function loadDotenv(folder: string): Dotenv {
  const path = join(folder, '.env')
  const variables = existsSync(path) ? parse(readFileSync(path)) : {}
  for (const [name, value] of Object.entries(variables)) process.env[name] ??= value
  return { path, variables }
}
