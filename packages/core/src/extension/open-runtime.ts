import type { DataModel } from '../callable/data-model.js'
import { createRecords, type Records } from '../callable/records.js'
import { createRegistry, type Registry } from '../callable/registry.js'
import type { Clock } from '../clock/clock.js'
import { ConfigError, DatabaseError, InvalidCallableError } from '../errors/errors.js'
import { createRunIds } from '../run/run-ids.js'
import { createInstantCache } from '../schedule/instant-cache.js'
import type { Channels } from '../store/channels.js'
import { version } from '../version.js'
import { findUniqueOf } from './base-client.js'
import { checkSisyOptions } from './check-sisy-options.js'
import { readClientInternals } from './client-internals.js'
import type { SisyRuntime } from './sisy-runtime.js'
import { resolveChannels, taskDefaults } from './app-settings.js'

/** What of the plugin's options matters at run time. */
export interface RuntimeOptions {
  readonly callables?: (() => object) | undefined
  readonly methods?: object | undefined
  readonly models?: { readonly task?: string; readonly run?: string; readonly worker?: string } | undefined
  readonly primaryKeys?: Readonly<Record<string, string | readonly string[] | undefined>> | undefined
  readonly defaultSchedule?: string | undefined
  readonly timezone?: string | undefined
  readonly channels?: Partial<Channels> | undefined
}

/** Where settings and time come from. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
}

/**
 * Makes the plugin's runtime of a client. Opens nothing.
 *
 * @throws ConfigError for options that are not accepted and a client without Sisy's models, DatabaseError for a database Sisy does not work on,
 *   InvalidCallableError when a method cannot be registered.
 */
export function openRuntime(
  base: unknown,
  options: RuntimeOptions,
  { env, clock }: Surroundings,
): SisyRuntime {
  checkSisyOptions(options)
  const { client, provider, schema, dataModel, schemaText } = readClientInternals(base)
  if (provider !== 'postgresql') {
    throw new DatabaseError(`Sisy works on PostgreSQL; this client's provider is "${provider}".`, {
      database: provider,
    })
  }
  const models = { task: 'Task', run: 'TaskRun', worker: 'TaskWorker', ...options.models }
  checkModels(models, dataModel)
  const registry = createRegistry(options)
  const records = createRecords({
    dataModel,
    schemaText,
    primaryKeys: options.primaryKeys ?? {},
    findUnique: findUniqueOf(client),
  })
  checkMethods(registry, records)
  return {
    version,
    base: client,
    provider,
    // As Prisma's own queries do: a model's @@schema, else the adapter's, else "public", whatever the search_path.
    schema: dataModel.models[models.task]?.schema ?? schema,
    models,
    registry,
    records,
    clock,
    instantsOf: createInstantCache(),
    newRunId: createRunIds(),
    channels: () => resolveChannels(options.channels, env),
    defaults: taskDefaults(options, env),
  }
}

function checkModels(models: SisyRuntime['models'], { models: known }: DataModel): void {
  for (const [role, name] of Object.entries(models)) {
    const column = role === 'worker' ? 'lastSeenAt' : 'callable'
    if (known[name]?.fields.some((field) => field.name === column) === true) continue
    const state = known[name] === undefined ? 'has no model' : 'has a model of its own named'
    throw new ConfigError(
      `This client ${state} "${name}", where Sisy's ${role} model should be. Add it with npx sisy init and run npx prisma generate, or name it: sisy(base, { models: { ${role}: '…' } }).`,
      { setting: `models.${role}`, value: name },
    )
  }
}

function checkMethods(registry: Registry, records: Records): void {
  for (const model of registry.models()) {
    const fields = records.fields(model)
    for (const { name, path } of registry.methodsOf(model)) {
      if (!fields.includes(name)) continue
      throw new InvalidCallableError(
        `"${path}" cannot be registered: ${records.modelName(model)} has a field of that name. Give the method another one.`,
        { path },
      )
    }
  }
}
