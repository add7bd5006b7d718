import { isRawClient, type BaseClient } from './base-client.js'
import { runtimeKey } from './sisy-runtime.js'
import type { RawClient } from '../store/database.js'

/**
 * Where a model method sends its statements: through the base client, so that other extensions neither see nor reroute
 * them, or inside an interactive transaction through that transaction.
 *
 * @param context what Prisma gives a model method as `this`.
 */
export function statementClient(context: unknown, base: BaseClient): RawClient {
  // Extensions made after the plugin lie between; each client, and each `tx`, knows the one it was made from.
  let client = parentOf(context)
  while (runtimeKey in client) client = parentOf(client)
  return isTransaction(client) ? client : base
}

function parentOf(context: unknown): object {
  const parent: unknown = isObject(context) ? Reflect.get(context, '$parent') : undefined
  if (isObject(parent)) return parent
  throw new TypeError(
    'A task method was called without its model. Call it as prisma.task.schedule(…) or tx.task.schedule(…): only so is it known whether a transaction is open.',
  )
}

// Prisma's own type of a `tx` lacks `$connect`, among others.
function isTransaction(client: object): client is RawClient {
  return isRawClient(client) && Reflect.get(client, '$connect') === undefined
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
