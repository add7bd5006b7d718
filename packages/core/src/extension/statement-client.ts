import { isRawClient, type BaseClient } from './base-client.js'
import { runtimeKey } from './sisy-runtime.js'
import { isTransaction } from '../store/client-database.js'
import type { RawClient } from '../store/database.js'

/**
 * Where a model method sends its statements: through the base client, so that other extensions neither see nor reroute
 * them, or inside an interactive transaction through that transaction.
 *
 * @param context what Prisma gives a model method as `this`.
 */
export function statementClient(context: unknown, base: BaseClient): RawClient {
  const client = unextended(parentOf(context))
  return isRawClient(client) && isTransaction(client) ? client : base
}

/** The client, or `tx`, that was extended with the plugin; one without the plugin is given back as it is. */
export function unextended(client: object): object {
  // Extensions made after the plugin lie between; each client, and each `tx`, knows the one it was made from.
  let inner = client
  while (runtimeKey in inner) inner = parentOf(inner)
  return inner
}

function parentOf(context: unknown): object {
  const parent: unknown = isObject(context) ? Reflect.get(context, '$parent') : undefined
  if (isObject(parent)) return parent
  throw new TypeError(
    'A task method was called without its model. Call it as prisma.task.schedule(…) or tx.task.schedule(…): only so is it known whether a transaction is open.',
  )
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
