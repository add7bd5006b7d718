import { inspect } from 'node:util'
import { defaultTaskSchedule, defaultTimezone } from '../config/defaults.js'
import { ConfigError } from '../errors/errors.js'
import { oneLine } from '../errors/one-line.js'
import { channelText, defaultChannels, isChannelName, type Channels } from '../store/channels.js'
import { checkTaskFields } from '../task/check-task-fields.js'
import type { TaskDefaults } from './sisy-runtime.js'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Settings of an app process go: option given in code, else environment, else default.
 *
 * @throws ConfigError for a name the database does not take.
 */
export function resolveChannels(given: Partial<Channels> = {}, env: Environment): Channels {
  const channel = (name: keyof Channels, variable: string): string => {
    const value = given[name] ?? read(env, variable) ?? defaultChannels[name]
    if (isChannelName(value)) return value
    const source =
      given[name] === undefined ? `${variable} in the environment` : `channels.${name} of sisy(…)`
    throw new ConfigError(`${source} is ${inspect(value)}; give ${channelText}.`, {
      setting: `channels.${name}`,
      value,
      source,
    })
  }
  return {
    heartbeat: channel('heartbeat', 'SISY_HEARTBEAT_CHANNEL'),
    runTask: channel('runTask', 'SISY_RUN_TASK_CHANNEL'),
    killTask: channel('killTask', 'SISY_KILL_TASK_CHANNEL'),
  }
}

/**
 * The environment is read when a default is first needed, so that a `.env` loaded after the client's module counts.
 *
 * @throws ConfigError for a default given in code that is not accepted.
 */
export function taskDefaults(
  given: { readonly defaultSchedule?: string | undefined; readonly timezone?: string | undefined },
  env: Environment,
): TaskDefaults {
  check('schedule', given.defaultSchedule, 'defaultSchedule of sisy(…)')
  check('timezone', given.timezone, 'timezone of sisy(…)')
  return {
    schedule: () =>
      given.defaultSchedule ?? readField(env, 'SISY_DEFAULT_SCHEDULE', 'schedule') ?? defaultTaskSchedule,
    timezone: () => given.timezone ?? readField(env, 'SISY_TIMEZONE', 'timezone') ?? defaultTimezone,
  }
}

function readField(env: Environment, variable: string, field: TimingField): string | undefined {
  const value = read(env, variable)
  check(field, value, `${variable} in the environment`)
  return value
}

type TimingField = 'schedule' | 'timezone'

function check(field: TimingField, value: string | undefined, source: string): void {
  try {
    checkTaskFields({ [field]: value })
  } catch (cause) {
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
