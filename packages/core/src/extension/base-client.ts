import type { FindUnique } from '../callable/records.js'
import { ConfigError } from '../errors/errors.js'
import type { RawClient } from '../store/database.js'

/** As much of the app's base client as Sisy calls. */
export interface BaseClient extends RawClient {
  $disconnect(): Promise<void>
}

interface Delegate {
  findUnique: (args: object) => PromiseLike<Readonly<Record<string, unknown>> | null>
}

/** Reads one row through a model of the client. */
export function findUniqueOf(client: object): FindUnique {
  return (model, args) => {
    const delegate: unknown = Reflect.get(client, model)
    if (isDelegate(delegate)) return delegate.findUnique(args)
    throw new ConfigError(`This client has no model "${model}" to read a record of.`, {
      setting: 'methods',
      value: model,
    })
  }
}

/** Whether raw statements can be sent through something: a client, or a `tx`. */
export function isRawClient(value: object): value is RawClient {
  return '$queryRawUnsafe' in value && '$executeRawUnsafe' in value
}

/** Whether something is a Prisma client, extended or not. */
export function isBaseClient(value: unknown): value is BaseClient {
  return typeof value === 'object' && value !== null && isRawClient(value) && '$disconnect' in value
}

function isDelegate(value: unknown): value is Delegate {
  return typeof value === 'object' && value !== null && 'findUnique' in value
}
