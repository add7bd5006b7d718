import { existsSync, readFileSync } from 'node:fs'
import { readBlocks, type Block } from './read-blocks.js'

/** What Sisy adds to an app's schema and database. */
export interface Fragment {
  readonly models: readonly FragmentModel[]
  /** SQL that makes the tables and indexes in a database that has none of them. */
  readonly sql: string
  /** Every index but those of the primary keys. */
  readonly indexes: readonly FragmentIndex[]
}

/** A model of the fragment. */
export interface FragmentModel extends Block {
  /** The model as it is to be written, with the comment above it. */
  readonly text: string
}

/** An index of the fragment. */
export interface FragmentIndex {
  readonly name: string
  /** Whether results depend on it; the others only save time. */
  readonly isUnique: boolean
  readonly sql: string
}

// Beside the built files in a package, in the repository's prisma folder while developing.
const folders = ['../fragment/', '../../../../prisma/'].map((folder) => new URL(folder, import.meta.url))

/** Reads the fragment that comes with this package. */
export function readFragment(): Fragment {
  const folder = folders.find((candidate) => existsSync(new URL('sisy.prisma', candidate)))
  if (folder === undefined)
    throw new Error('The schema fragment is missing from @sisy/cli: install the package again.')
  const read = (name: string) => readFileSync(new URL(name, folder), 'utf8')
  const text = read('sisy.prisma')
  const sql = read('sisy.sql')
  return {
    models: readBlocks(text).map((block) => ({ ...block, text: textWithComment(text, block) })),
    sql,
    indexes: sql.split('\n').flatMap((line) => {
      const [, unique, name] = /^CREATE (UNIQUE )?INDEX "(\w+)"/.exec(line) ?? []
      return name === undefined ? [] : [{ name, isUnique: unique !== undefined, sql: line }]
    }),
  }
}

function textWithComment(text: string, { start, end }: Block): string {
  const comment = /(?:(?<=\n|^)[ \t]*\/\/[^\n]*\n)*$/.exec(text.slice(0, start))
  return text.slice(comment?.index ?? start, end)
}
