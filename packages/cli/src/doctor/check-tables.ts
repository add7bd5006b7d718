import type { TableInspection } from '@sisy/core/internal'
import { tableOf } from '../schema/app-schema.js'
import type { Fragment, FragmentModel } from '../schema/fragment.js'
import type { Member } from '../schema/read-blocks.js'
import { good, hint, problem, type Finding } from './finding.js'

const migrate = 'Run npx prisma migrate dev (npx prisma migrate deploy in production).'

const mend = 'Put this into a migration:'

/** PostgreSQL's type of a field: by its native type, else by Prisma's. */
const columnTypes: Readonly<Record<string, string>> = {
  '@db.Uuid': 'uuid',
  '@db.JsonB': 'jsonb',
  '@db.Timestamptz': 'timestamptz',
  String: 'text',
  Boolean: 'bool',
  Int: 'int4',
  BigInt: 'int8',
}

/** Compares the tables in the database with the fragment's models. */
export function checkTables(tables: readonly TableInspection[], { models, indexes }: Fragment): Finding[] {
  const problems = models.flatMap((model) => {
    const table = tables.find(({ name }) => name === tableOf(model))
    if (table === undefined || table.columns.length === 0) {
      return [problem(`The table ${tableOf(model)} is not in the database. ${migrate}`)]
    }
    return [...columnProblems(table, model, models), ...rightProblems(table)]
  })
  if (problems.length > 0) return problems
  return [
    good('The tables are in the database, with all their columns.'),
    ...missingIndexes(new Set(tables.flatMap((table) => table.indexes)), indexes),
  ]
}

function missingIndexes(present: ReadonlySet<string>, indexes: Fragment['indexes']): Finding[] {
  return indexes
    .filter(({ name }) => !present.has(name))
    .map(({ name, isUnique, sql }) =>
      isUnique
        ? problem(`The unique index ${name} is missing, and Sisy cannot do without. ${mend} ${sql}`)
        : hint(
            `The index ${name} is missing: all goes on without it, but slower the longer the tables. ${mend} ${sql}`,
          ),
    )
}

function columnProblems(
  table: TableInspection,
  model: FragmentModel,
  models: readonly FragmentModel[],
): Finding[] {
  return model.members.flatMap((member) => {
    const type = columnType(member, models)
    if (type === undefined) return []
    const column = table.columns.find(({ name }) => name === member.name)
    if (column === undefined)
      return [problem(`The column ${table.name}.${member.name} is not in the database. ${migrate}`)]
    if (column.type === type) return []
    return [
      problem(`The column ${table.name}.${member.name} is of type ${column.type}, not ${type}. ${migrate}`),
    ]
  })
}

/** Undefined for what is no column: an attribute of the model, or a relation. */
function columnType({ meaning }: Member, models: readonly FragmentModel[]): string | undefined {
  const [, type = ''] = /^\w+ (\w+)/.exec(meaning) ?? []
  if (models.some(({ name }) => name === type)) return undefined
  const native = /@db\.\w+/.exec(meaning)?.[0] ?? ''
  return columnTypes[native] ?? columnTypes[type]
}

function rightProblems({ name, missingRights }: TableInspection): Finding[] {
  if (missingRights.length === 0) return []
  const rights = missingRights.join(', ')
  return [
    problem(
      `The database user may not ${rights} on ${name}. As its owner run: GRANT ${rights} ON ${name} TO …;`,
    ),
  ]
}
