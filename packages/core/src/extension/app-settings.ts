import { defaultTaskSchedule, defaultTimezone } from '../config/defaults.js'
import { ConfigError } from '../errors/errors.js'
import { oneLine } from '../errors/one-line.js'
import { defaultChannels, type Channels } from '../store/channels.js'
import { checkTaskFields } from '../task/check-task-fields.js'
import type { TaskDefaults } from './sisy-runtime.js'

type Environment = Readonly<Record<string, string | undefined>>

/** Settings of an app process go: option given in code, else environment, else default. */
export function resolveChannels(given: Partial<Channels> = {}, env: Environment): Channels {
  return {
    heartbeat: given.heartbeat ?? read(env, 'SISY_HEARTBEAT_CHANNEL') ?? defaultChannels.heartbeat,
    runTask: given.runTask ?? read(env, 'SISY_RUN_TASK_CHANNEL') ?? defaultChannels.runTask,
    killTask: given.killTask ?? read(env, 'SISY_KILL_TASK_CHANNEL') ?? defaultChannels.killTask,
  }
}

/** The environment is read when a default is first needed, so that a `.env` loaded after the client's module counts. */
export function taskDefaults(
  given: { readonly defaultSchedule?: string | undefined; readonly timezone?: string | undefined },
  env: Environment,
): TaskDefaults {
  return {
    schedule: () =>
      given.defaultSchedule ?? readField(env, 'SISY_DEFAULT_SCHEDULE', 'schedule') ?? defaultTaskSchedule,
    timezone: () => given.timezone ?? readField(env, 'SISY_TIMEZONE', 'timezone') ?? defaultTimezone,
  }
}

function readField(env: Environment, variable: string, field: 'schedule' | 'timezone'): string | undefined {
  const value = read(env, variable)
  if (value === undefined) return undefined
  try {
    checkTaskFields({ [field]: value })
    return value
  } catch (cause) {
    const source = `${variable} in the environment`
    throw new ConfigError(
      `${source} is not accepted: ${oneLine(cause)}`,
      { setting: field, value, source },
      { cause },
    )
  }
}

// An empty variable counts as not given.
function read(env: Environment, variable: string): string | undefined {
  const value = env[variable]
  return value === undefined || value.trim() === '' ? undefined : value
}
