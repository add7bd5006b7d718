import { existsSync, readFileSync } from 'node:fs'
import { readBlocks, type Block } from './read-blocks.js'

/** What Sisy adds to an app's schema and database. */
export interface Fragment {
  readonly models: readonly FragmentModel[]
  /** SQL that makes the tables and indexes in a database that has none of them. */
  readonly sql: string
  /** Names of the indexes that only save time; Prisma's schema cannot say them. */
  readonly partialIndexes: readonly PartialIndex[]
}

/** A model of the fragment. */
export interface FragmentModel extends Block {
  /** The model as it is to be written, with the comment above it. */
  readonly text: string
}

/** An index that covers some of a table's rows. */
export interface PartialIndex {
  readonly name: string
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
  return {
    models: readBlocks(text).map((block) => ({ ...block, text: textWithComment(text, block) })),
    sql: read('sisy.sql'),
    partialIndexes: read('sisy-indexes.sql')
      .split('\n')
      .flatMap((sql) => {
        const name = /INDEX "(\w+)"/.exec(sql)?.[1]
        return name === undefined ? [] : [{ name, sql }]
      }),
  }
}

function textWithComment(text: string, { start, end }: Block): string {
  const comment = /(?:(?<=\n|^)[ \t]*\/\/[^\n]*\n)*$/.exec(text.slice(0, start))
  return text.slice(comment?.index ?? start, end)
}
