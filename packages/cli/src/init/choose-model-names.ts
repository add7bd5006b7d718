import { ConfigError } from '@sisy/core/internal'
import type { AppSchema } from '../schema/app-schema.js'
import type { Fragment } from '../schema/fragment.js'
import { modelNames, ownCopy } from '../schema/own-copy.js'
import type { ModelNames } from '../schema/rename-models.js'

/** Begins the names of Sisy's models where the app has models of those names itself. */
export const defaultModelPrefix = 'Sisy'

/** Which of these names the app uses for something of its own. */
export function takenNames(schema: AppSchema, { models }: Fragment, names: ModelNames): string[] {
  const copies = models.map((model) => ownCopy(schema, model))
  const others = schema.blocks.filter(
    (block) => ['model', 'view', 'type', 'enum'].includes(block.kind) && !copies.includes(block),
  )
  return Object.values(names).filter((name) => others.some((block) => block.name === name))
}

/** How the names are to be chosen. */
export interface ChooseNamesOptions {
  /** What was asked for on the command line. */
  readonly prefix?: string
  /** Asks for a prefix, told the names that are taken. Absent: nobody can be asked. */
  readonly ask?: (taken: readonly string[]) => Promise<string>
}

/**
 * Chooses names no other model has: without a prefix where that is free, else behind the one asked for, else behind
 * the default.
 *
 * @throws ConfigError when the prefix is no beginning of a model's name, or names behind it are taken too.
 */
export async function chooseModelNames(
  schema: AppSchema,
  fragment: Fragment,
  { prefix, ask }: ChooseNamesOptions,
): Promise<ModelNames> {
  const plain = modelNames(schema, fragment, '')
  const taken = takenNames(schema, fragment, plain)
  if (prefix === undefined && taken.length === 0) return plain
  const chosen = prefix ?? (await ask?.(taken)) ?? defaultModelPrefix
  if (!/^[A-Za-z]\w*$/.test(chosen)) {
    throw new ConfigError(
      `The model prefix is "${chosen}"; accepted are letters, digits and _, a letter first.`,
      {
        setting: '--model-prefix',
        value: chosen,
      },
    )
  }
  const names = modelNames(schema, fragment, chosen)
  const alsoTaken = takenNames(schema, fragment, names)
  if (alsoTaken.length === 0) return names
  throw new ConfigError(
    `With the prefix "${chosen}" the schema would have two of ${alsoTaken.join(', ')}. Choose another with --model-prefix.`,
    { setting: '--model-prefix', value: chosen },
  )
}
