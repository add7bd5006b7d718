import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** A file to be written, whole. */
export interface PlannedFile {
  /** Absolute path. */
  readonly path: string
  readonly text: string
  readonly change: 'create' | 'update'
}

/**
 * Writes files; each is there whole or not at all, and none takes its place before all could be written. Folders made
 * for files that could not be written go again: Prisma refuses to migrate beside an empty migration.
 */
export function writePlannedFiles(files: readonly PlannedFile[]): void {
  const staged = files.map((file) => ({ ...file, staging: `${file.path}.${process.pid}.tmp` }))
  const made: string[] = []
  try {
    for (const { path, staging, text } of staged) {
      const folder = mkdirSync(dirname(path), { recursive: true })
      made.push(...(folder === undefined ? [] : [folder]), staging)
      writeFileSync(staging, text)
    }
  } catch (thrown) {
    for (const path of made) rmSync(path, { force: true, recursive: true })
    throw thrown
  }
  try {
    for (const { path, staging } of staged) renameSync(staging, path)
  } finally {
    for (const { staging } of staged) rmSync(staging, { force: true })
  }
}
