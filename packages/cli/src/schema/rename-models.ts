import { readBlocks } from './read-blocks.js'
import type { FragmentModel } from './fragment.js'

/** New name of each model, by the fragment's own name. */
export type ModelNames = Readonly<Record<string, string>>

/** The fragment's models under other names: their own and those in their relations. Tables keep theirs. */
export function renameModels(models: readonly FragmentModel[], names: ModelNames): FragmentModel[] {
  return models.flatMap(({ text }) => {
    const renamed = text
      .split('\n')
      .map((line) => renameInLine(line, names))
      .join('\n')
    return readBlocks(renamed).map((block) => ({ ...block, text: renamed }))
  })
}

function renameInLine(line: string, names: ModelNames): string {
  const renamed = (name: string) => names[name] ?? name
  const begin = /^(model\s+)(\w+)(.*)$/.exec(line)
  if (begin !== null) return `${begin[1]}${renamed(begin[2] ?? '')}${begin[3]}`
  const field = /^(\s+\w+\s+)(\w+)(\?|\[\])?( *)(.*)$/.exec(line)
  if (field === null) return line
  const [, name = '', type = '', mark = '', gap = '', rest = ''] = field
  const column = renamed(type) + mark
  return (
    name + (rest === '' ? column : column.padEnd(type.length + mark.length + gap.length - 1) + ' ' + rest)
  )
}
