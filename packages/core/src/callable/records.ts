import { didYouMean } from '../errors/did-you-mean.js'
import { InvalidCallableError, InvalidRecordKeyError } from '../errors/errors.js'
import type { JsonObject } from '../json/json-value.js'
import { clientProperty, type DataModel, type ModelShape } from './data-model.js'
import { enumKeyType, keyType } from './key-value.js'
import { primaryKeyOf, readPrimaryKeys, type PrimaryKey } from './primary-keys.js'
import { decodeRecordKey, encodeRecordKey, type RecordKeyShape } from './record-key.js'

/** Rows as the app's data model knows them. Models are named by their property on the client: `subscription`. */
export interface Records {
  /** The model as the schema names it: `Subscription`. */
  modelName(model: string): string
  /** All fields of a model, relations too. */
  fields(model: string): readonly string[]
  /** The fields that are columns. */
  scalars(model: string): readonly string[]
  /**
   * The primary key of a row, or of an object that holds it, as JSON.
   *
   * @throws InvalidRecordKeyError when it is incomplete or ill-typed, or the model's primary key is not known.
   */
  encodeKey(model: string, record: unknown): JsonObject
  /**
   * Makes sure that a key, as rows have it, fits the model.
   *
   * @throws InvalidRecordKeyError
   */
  checkKey(model: string, key: unknown): void
  /**
   * Reads a record's scalar fields, fresh from the database; null when it is gone.
   *
   * @throws InvalidRecordKeyError for a key that does not fit the model.
   */
  find(model: string, key: unknown): Promise<Readonly<Record<string, unknown>> | null>
}

/** Reads one row of a model. */
export type FindUnique = (
  model: string,
  args: { readonly where: object; readonly select: object },
) => PromiseLike<Readonly<Record<string, unknown>> | null>

export interface RecordSource {
  readonly dataModel: DataModel
  /** Text of the Prisma schema; undefined when the client does not carry it. */
  readonly schemaText: string | undefined
  /** Primary-key fields that go before what the schema says, by the model's property on the client. */
  readonly primaryKeys: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly findUnique: FindUnique
}

/** Every function of it throws InvalidCallableError for a model the client does not have. */
export function createRecords({ dataModel, schemaText, primaryKeys, findUnique }: RecordSource): Records {
  const models = new Map(
    Object.entries(dataModel.models).map(([name, shape]) => [clientProperty(name), { name, ...shape }]),
  )
  const shapes = new Map<string, RecordKeyShape>()
  let declared: ReadonlyMap<string, PrimaryKey> | undefined

  const modelOf = (model: string) => models.get(model) ?? refuseModel(model, [...models.keys()])
  const scalars = (model: string) =>
    modelOf(model)
      .fields.filter(isScalar)
      .map(({ name }) => name)

  const primaryKey = (model: string): PrimaryKey => {
    declared ??= readPrimaryKeys(schemaText ?? '')
    const { name } = modelOf(model)
    const read = declared.get(name)
    const given = primaryKeys[model]
    if (given === undefined) return read ?? refusePrimaryKey(name, model)
    const fields = typeof given === 'string' ? [given] : given
    return read?.fields.join() === fields.join() ? read : primaryKeyOf(fields)
  }
  const shapeOf = (model: string): RecordKeyShape => {
    const known = shapes.get(model)
    if (known !== undefined) return known
    const shape = keyShape(modelOf(model), primaryKey(model))
    shapes.set(model, shape)
    return shape
  }

  return {
    modelName: (model) => modelOf(model).name,
    fields: (model) => modelOf(model).fields.map(({ name }) => name),
    scalars,
    encodeKey: (model, record) => encodeRecordKey(shapeOf(model), record),
    checkKey: (model, key) => {
      decodeRecordKey(shapeOf(model), key)
    },
    find: async (model, key) =>
      findUnique(model, {
        where: decodeRecordKey(shapeOf(model), key),
        // Named one by one, since the client may leave some out by its own `omit`.
        select: Object.fromEntries(scalars(model).map((name) => [name, true])),
      }),
  }
}

const isScalar = ({ kind }: { kind: string }) => kind === 'scalar' || kind === 'enum'

function keyShape(
  model: ModelShape & { readonly name: string },
  { name, fields }: PrimaryKey,
): RecordKeyShape {
  const typed = fields.map((fieldName) => {
    const field = model.fields.find((candidate) => candidate.name === fieldName)
    const type = field?.kind === 'enum' ? enumKeyType : field && keyType(field.type)
    if (type !== undefined) return { name: fieldName, type }
    const state =
      field === undefined ? 'has no such field' : `has it as ${field.type}, which cannot name a record`
    throw new InvalidRecordKeyError(
      `The primary key of ${model.name} names "${fieldName}", but the model ${state}.`,
      {
        model: model.name,
      },
    )
  })
  return { model: model.name, name, fields: typed }
}

function refuseModel(model: string, known: readonly string[]): never {
  throw new InvalidCallableError(
    `\`methods\` names the model "${model}", which this client does not have.${didYouMean(model, known)} Known: ${known.join(', ')}.`,
    { path: model },
  )
}

function refusePrimaryKey(name: string, property: string): never {
  throw new InvalidRecordKeyError(
    `The primary key of ${name} is not known: the schema this client carries gives it neither @id nor @@id. Give it to sisy(…) as primaryKeys: { ${property}: '<field>' }.`,
    { model: name },
  )
}
