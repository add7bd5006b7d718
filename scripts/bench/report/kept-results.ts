import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { asMarkdown } from './result-table.js'
import type { Result } from './result.js'

/** The results of one measurement, and how they came about. */
export interface KeptResults {
  readonly machine: string
  readonly server: string
  readonly peers: string
  /** The command that measures them again. */
  readonly command: string
  readonly results: readonly Result[]
}

const folder = fileURLToPath(new URL('../../../.sisy/bench/', import.meta.url))
const published = fileURLToPath(new URL('../../../BENCHMARKS.md', import.meta.url))

/** Keeps the newest results of a measurement, by its name, as JSON. */
export function keepResults(name: string, kept: KeptResults): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(fileOf(name), `${JSON.stringify(kept, null, 2)}\n`)
}

/** Writes the tables of all that is kept, for readers. @returns the file. */
export function publishResults(names: readonly string[]): string {
  const all = names
    .filter((name) => existsSync(fileOf(name)))
    // We wrote it.
    .map((name) => JSON.parse(readFileSync(fileOf(name), 'utf8')) as KeptResults)
  const sections = all.map((kept) => {
    const tables = kept.results.map(asMarkdown).join('\n')
    return `${tables}\nMeasured by \`${kept.command}\` on ${kept.machine}; ${kept.server}. ${kept.peers}.\n`
  })
  writeFileSync(published, `# Benchmarks\n\nMade by \`pnpm bench all\`.\n\n${sections.join('\n')}`)
  return published
}

const fileOf = (name: string): string => path.join(folder, `${name}.json`)
