import { readBlocks, type Block } from './read-blocks.js'

/** One file of an app's schema. */
export interface SchemaFile {
  /** Absolute path. */
  readonly path: string
  readonly text: string
}

/** A block, and the file it stands in. */
export interface PlacedBlock extends Block {
  readonly file: SchemaFile
}

/** An app's Prisma schema: one file, or all of a folder. */
export interface AppSchema {
  /** Absolute path of the file, or of the folder. */
  readonly path: string
  readonly layout: 'file' | 'folder'
  readonly files: readonly SchemaFile[]
  readonly blocks: readonly PlacedBlock[]
}

/** Reads what files of a schema say. */
export function appSchema(
  path: string,
  layout: AppSchema['layout'],
  files: readonly SchemaFile[],
): AppSchema {
  const blocks = files.flatMap((file) => readBlocks(file.text).map((block) => ({ ...block, file })))
  return { path, layout, files, blocks }
}

/** The table a model is mapped to: its `@@map`, else its own name. */
export function tableOf(model: Block): string {
  const map = model.members.find(({ name }) => name.startsWith('@@map('))
  return /"([^"]+)"/.exec(map?.meaning ?? '')?.[1] ?? model.name
}

/** Value of a setting in a `datasource` or `generator`, without its quotes; undefined when it is not given. */
export function settingOf(block: Block | undefined, setting: string): string | undefined {
  const member = block?.members.find(({ name }) => name === setting)
  return member?.meaning.replace(/^\w+\s*=\s*/, '').replace(/^"(.*)"$/, '$1')
}
