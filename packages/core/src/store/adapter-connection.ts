import type { ListenConnection } from './listen-connection.js'

/**
 * The connection settings of a client's driver adapter, for a LISTEN connection beside its pool. Prisma has no public
 * way to them, so this looks at private fields, finds undefined when they are not as expected, and polling serves.
 */
export function adapterConnection(client: object): ListenConnection | undefined {
  const adapter = member(member(client, '_engineConfig'), 'adapter')
  const pooled = member(member(adapter, 'externalPool'), 'options')
  const config = pooled ?? member(adapter, 'config')
  return typeof config === 'string' || (typeof config === 'object' && config !== null) ? config : undefined
}

/** The `schema` option of a client's driver adapter; raw statements do not follow it by themselves. */
export function adapterSchema(client: object): string | undefined {
  const adapter = member(member(client, '_engineConfig'), 'adapter')
  const schema = member(member(adapter, 'options'), 'schema')
  return typeof schema === 'string' ? schema : undefined
}

/**
 * What an engine can have connections of its own from: the pool the app gave its adapter, or the settings to make one
 * with. Undefined for any adapter but `@prisma/adapter-pg`, and for one of a single connection: behind it there may be
 * a database that serves no more, as PGlite does.
 */
export function adapterPool(
  client: object,
): { readonly pool: object } | { readonly connection: ListenConnection } | undefined {
  const connections = connectionsOf(client)
  if (connections === undefined) return undefined
  const pool = member(member(member(client, '_engineConfig'), 'adapter'), 'externalPool')
  if (isPool(pool)) return { pool }
  const connection = adapterConnection(client)
  return connection === undefined || connections === 1 ? undefined : { connection }
}

/** What pg's own pool holds when it is not told. */
const defaultPoolSize = 10

/**
 * The most connections a client opens: the size of its adapter's pool. Undefined when it cannot be told, as for any
 * adapter but `@prisma/adapter-pg`.
 */
export function connectionsOf(client: object): number | undefined {
  const adapter = member(member(client, '_engineConfig'), 'adapter')
  if (member(adapter, 'adapterName') !== '@prisma/adapter-pg') return undefined
  const config = adapterConnection(client)
  if (config === undefined) return undefined
  const given = member(config, 'max') ?? member(config, 'poolSize')
  return typeof given === 'number' && given > 0 ? given : defaultPoolSize
}

/** What the adapter took for a pool of pg, which may be another copy of pg than ours. */
const isPool = (value: unknown): value is object => typeof member(value, 'connect') === 'function'

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
