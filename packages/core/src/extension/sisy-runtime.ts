import type { RecordMethods } from '../callable/bound-method.js'
import type { Clock } from '../clock/clock.js'
import { ConfigError } from '../errors/errors.js'
import type { NewRunId } from '../run/run-ids.js'
import type { InstantsOf } from '../schedule/instant-cache.js'
import type { Channels } from '../store/channels.js'
import type { BaseClient } from './base-client.js'

/**
 * What the plugin leaves on a client for worker and heartbeat. It may come from another copy of this package, an ESM
 * and a CommonJS one in the same process, so nothing in it is told by its class.
 */
export interface SisyRuntime extends RecordMethods {
  /** Version of the package that made it. */
  readonly version: string
  readonly clock: Clock
  /** Remembers schedules and their instants from call to call. */
  readonly instantsOf: InstantsOf
  readonly newRunId: NewRunId
  /** The client that was extended; statements go through it, unseen by extensions. */
  readonly base: BaseClient
  /** Prisma's name of the database. */
  readonly provider: string
  /** The database schema of Sisy's tables; undefined leaves it to the connection's `search_path`. */
  readonly schema: string | undefined
  /** Names of the fragment's models in the app's schema. */
  readonly models: { readonly task: string; readonly run: string; readonly worker: string }
  /** Read at first use, or later, for `.env` may be loaded after the client's module. */
  channels(): Channels
  readonly defaults: TaskDefaults
}

/** What tasks get that give nothing. */
export interface TaskDefaults {
  /** @throws ConfigError when `SISY_DEFAULT_SCHEDULE` cannot be read as a schedule. */
  schedule(): string
  timezone(): string
}

/** The member of an extended client that holds its runtime. Clients extended further, and `tx`, have it too. */
export const runtimeKey = '$sisy'

/** The plugin's runtime on a client; undefined for anything that was not made with the plugin. */
export function findRuntime(client: unknown): SisyRuntime | undefined {
  return hasRuntime(client) ? client[runtimeKey] : undefined
}

/** @throws ConfigError for a client without the plugin. */
export function runtimeOf(client: unknown): SisyRuntime {
  const runtime = findRuntime(client)
  if (runtime !== undefined) return runtime
  throw new ConfigError(
    'This is no Prisma client with the plugin. Give the extended one: base.$extends(sisy(base, { … })).',
    { setting: 'prisma' },
  )
}

function hasRuntime(client: unknown): client is { readonly [runtimeKey]: SisyRuntime | undefined } {
  return typeof client === 'object' && client !== null && runtimeKey in client
}
