import type { DataModel } from '../callable/data-model.js'
import { adapterSchema } from '../store/adapter-connection.js'
import { ConfigError } from '../errors/errors.js'
import { isBaseClient, type BaseClient } from './base-client.js'

/**
 * What Sisy reads of a Prisma client behind its public door, for which Prisma has no other: which database it is for,
 * the schema of its tables, the data model and the schema's text.
 */
export interface ClientInternals {
  readonly client: BaseClient
  /** Prisma's name of the database: `postgresql`. */
  readonly provider: string
  /** Where Prisma's own queries look for tables: the adapter's `schema`, else `public`. Undefined without an adapter. */
  readonly schema: string | undefined
  readonly dataModel: DataModel
  /** Undefined when the client does not carry it. */
  readonly schemaText: string | undefined
}

/** @throws ConfigError for something that is no Prisma client. */
export function readClientInternals(base: unknown): ClientInternals {
  const provider = member(base, '_activeProvider')
  const dataModel = member(base, '_runtimeDataModel')
  if (typeof provider !== 'string' || !isDataModel(dataModel) || !isBaseClient(base)) {
    throw new ConfigError(
      'sisy(base, …) takes the Prisma client it extends as `base`: base.$extends(sisy(base, { … })).',
      {
        setting: 'base',
      },
    )
  }
  const engineConfig = member(base, '_engineConfig')
  const adapter = member(engineConfig, 'adapter')
  const schemaText = member(engineConfig, 'inlineSchema')
  return {
    client: base,
    provider,
    // Without an adapter the connection goes to a service that knows the schema.
    schema: adapter === undefined ? undefined : (adapterSchema(base) ?? 'public'),
    dataModel,
    schemaText: typeof schemaText === 'string' ? schemaText : undefined,
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function isDataModel(value: unknown): value is DataModel {
  return typeof member(value, 'models') === 'object'
}
