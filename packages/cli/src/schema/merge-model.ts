import type { FragmentModel } from './fragment.js'
import type { Block } from './read-blocks.js'

/**
 * The text that brings a model of an app up to the fragment's, with whatever the app added to it kept below; undefined
 * when it is so already.
 */
export function mergeModel(own: Block, wanted: FragmentModel): string | undefined {
  const written = new Set(own.members.map(collapsed))
  if (wanted.members.every((member) => written.has(collapsed(member)))) return undefined
  const ours = new Set(wanted.members.map(({ name }) => name))
  const added = own.members.filter(({ name }) => !ours.has(name) && !name.startsWith('@@map('))
  const text = wanted.text.slice(wanted.text.indexOf(`model ${wanted.name}`))
  if (added.length === 0) return text
  return `${text.slice(0, text.lastIndexOf('}'))}\n${added.map((member) => member.text).join('\n')}\n}`
}

/** A formatter may move what stands in a line; the words stay. */
const collapsed = ({ text }: { readonly text: string }) => text.replace(/\s+/g, ' ').trim()
