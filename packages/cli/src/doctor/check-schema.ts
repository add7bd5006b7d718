import { relative } from 'node:path'
import type { AppSchema, PlacedBlock } from '../schema/app-schema.js'
import type { Fragment, FragmentModel } from '../schema/fragment.js'
import { modelNames, ownCopy } from '../schema/own-copy.js'
import type { Member } from '../schema/read-blocks.js'
import { renameModels } from '../schema/rename-models.js'
import { tableOf } from '../schema/app-schema.js'
import { good, problem, type Finding } from './finding.js'

const mend = 'Run npx sisy init, then npx prisma migrate dev.'

/** Compares an app's schema with the fragment. The app may have added fields and relations of its own. */
export function checkSchema(schema: AppSchema, fragment: Fragment, cwd: string): Finding[] {
  const wanted = renameModels(fragment.models, modelNames(schema, fragment, ''))
  const problems = wanted.flatMap((model) => {
    const own = ownCopy(schema, model)
    if (own === undefined)
      return [problem(`No model of the schema is mapped to "${tableOf(model)}". ${mend}`)]
    return [...differences(own, model), ...unfillable(own, model, schema)]
  })
  if (problems.length > 0) return problems
  const names = wanted.map(({ name }) => name).join(', ')
  return [good(`The schema ${relative(cwd, schema.path)} has ${names} as this version needs them.`)]
}

function differences(own: PlacedBlock, wanted: FragmentModel): Finding[] {
  return wanted.members.flatMap((member) => {
    const found = own.members.find(({ name }) => name === member.name)
    if (found === undefined) return [problem(`${own.name} lacks \`${member.meaning}\`. ${mend}`)]
    if (found.meaning === member.meaning) return []
    return [problem(`${own.name}.${member.name} is \`${found.meaning}\`, not \`${member.meaning}\`. ${mend}`)]
  })
}

/** Fields of the app's own that keep Sisy from inserting rows. */
function unfillable(own: PlacedBlock, wanted: FragmentModel, schema: AppSchema): Finding[] {
  const ours = new Set(wanted.members.map(({ name }) => name))
  const models = new Set(schema.blocks.filter(({ kind }) => kind === 'model').map(({ name }) => name))
  const isUnfillable = ({ name, meaning }: Member) => {
    const type = /^\w+ (\w+)(\?|\[\])?/.exec(meaning)
    return (
      type !== null &&
      !ours.has(name) &&
      !models.has(type[1] ?? '') &&
      !type[2] &&
      !meaning.includes('@default(')
    )
  }
  return own.members
    .filter(isUnfillable)
    .map(({ name }) =>
      problem(
        `${own.name}.${name} is required and has no default, so Sisy cannot insert rows. Make it optional, or give it a @default.`,
      ),
    )
}
