import { dirname, join } from 'node:path'
import { settingOf, type AppSchema, type SchemaFile } from '../schema/app-schema.js'
import type { Fragment, FragmentModel } from '../schema/fragment.js'
import { mergeModel } from '../schema/merge-model.js'
import { ownCopy } from '../schema/own-copy.js'
import { renameModels, type ModelNames } from '../schema/rename-models.js'
import type { PlannedFile } from './planned-file.js'

const beginMark =
  '// sisy:begin – kept up to date by `npx sisy init`; fields of your own in these models stay.'
const endMark = '// sisy:end'

interface Edit {
  readonly file: SchemaFile
  readonly start: number
  readonly end: number
  readonly text: string
}

/** What brings an app's schema up to the fragment; empty when it is so already. */
export function planSchema(schema: AppSchema, fragment: Fragment, names: ModelNames): PlannedFile[] {
  const wanted = renameModels(fragment.models, names)
  const missing = wanted.filter((model) => ownCopy(schema, model) === undefined)
  const added = missing.map((model) => inDatabaseSchema(model, databaseSchema(schema)).text).join('\n\n')
  const edits = wanted.flatMap((model) => updateOf(schema, model))
  if (missing.length === 0) return applyEdits(edits)
  const datasource = schema.blocks.find(({ kind }) => kind === 'datasource')?.file
  const last = lastCopy(schema, wanted)
  if (last !== undefined) return applyEdits([...edits, { ...last, start: last.end, text: `\n\n${added}` }])
  if (schema.layout === 'folder') {
    const path = join(dirname(datasource?.path ?? schema.path), 'sisy.prisma')
    return [{ path, text: `${added}\n`, change: 'create' }]
  }
  return schema.files.map(({ path, text }) => ({
    path,
    text: `${text.trimEnd()}\n\n${beginMark}\n\n${added}\n\n${endMark}\n`,
    change: 'update',
  }))
}

/** The database schema in which Sisy's tables are to be made; undefined where Prisma knows of one only. */
export function databaseSchema({ blocks }: AppSchema): string | undefined {
  const datasource = blocks.find(({ kind }) => kind === 'datasource')
  const listed = [...(settingOf(datasource, 'schemas') ?? '').matchAll(/"([^"]+)"/g)].flatMap(
    ([, name]) => name ?? [],
  )
  return listed.includes('public') ? 'public' : listed[0]
}

function inDatabaseSchema(model: FragmentModel, name: string | undefined): { readonly text: string } {
  if (name === undefined) return model
  return { text: model.text.replace(/\}\s*$/, `  @@schema("${name}")\n}`) }
}

function updateOf(schema: AppSchema, model: FragmentModel): Edit[] {
  const own = ownCopy(schema, model)
  const text = own === undefined ? undefined : mergeModel(own, model)
  return own === undefined || text === undefined
    ? []
    : [{ file: own.file, start: own.start, end: own.end, text }]
}

function lastCopy(schema: AppSchema, models: readonly FragmentModel[]): Omit<Edit, 'text'> | undefined {
  return models.flatMap((model) => ownCopy(schema, model) ?? []).at(-1)
}

/** Applies from the end of each file to its beginning, so that earlier places stay where they are. */
function applyEdits(edits: readonly Edit[]): PlannedFile[] {
  return [...new Set(edits.map(({ file }) => file))].map((file) => {
    const text = edits
      .filter((edit) => edit.file === file)
      .sort((a, b) => b.start - a.start)
      .reduce((whole, edit) => whole.slice(0, edit.start) + edit.text + whole.slice(edit.end), file.text)
    return { path: file.path, text, change: 'update' }
  })
}
