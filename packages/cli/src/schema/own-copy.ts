import { tableOf, type AppSchema, type PlacedBlock } from './app-schema.js'
import type { Fragment, FragmentModel } from './fragment.js'
import type { ModelNames } from './rename-models.js'

/** The app's copy of a model of the fragment: the model that is mapped to the same table. */
export function ownCopy({ blocks }: AppSchema, model: FragmentModel): PlacedBlock | undefined {
  return blocks.find((block) => block.kind === 'model' && tableOf(block) === tableOf(model))
}

/** The names the fragment's models have in an app: those of its copies, else the fragment's own behind `prefix`. */
export function modelNames(schema: AppSchema, { models }: Fragment, prefix: string): ModelNames {
  return Object.fromEntries(
    models.map((model) => [model.name, ownCopy(schema, model)?.name ?? `${prefix}${model.name}`]),
  )
}
