import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** A file to be written, whole. */
export interface PlannedFile {
  /** Absolute path. */
  readonly path: string
  readonly text: string
  readonly change: 'create' | 'update'
}

/** Writes files; each is there whole or not at all, and none takes its place before all could be written. */
export function writePlannedFiles(files: readonly PlannedFile[]): void {
  const staged = files.map((file) => ({ ...file, staging: `${file.path}.${process.pid}.tmp` }))
  try {
    for (const { path, staging, text } of staged) {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(staging, text)
    }
    for (const { path, staging } of staged) renameSync(staging, path)
  } finally {
    for (const { staging } of staged) rmSync(staging, { force: true })
  }
}
