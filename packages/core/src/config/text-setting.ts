import { nearestName } from '../errors/did-you-mean.js'
import { ConfigError } from '../errors/errors.js'

const asNumber = (text: string) => (Number.isFinite(Number(text)) ? Number(text) : text)
const asBoolean = (text: string) => (text === 'true' ? true : text === 'false' ? false : text)
const asText = (text: string) => text
const asList = (text: string) => text.split(',').map((name) => name.trim())
const asListen = (text: string) => (text === 'false' ? false : text)

const readers = {
  'heartbeat.frequency': asNumber,
  defaultSchedule: asText,
  timezone: asText,
  'channels.heartbeat': asText,
  'channels.runTask': asText,
  'channels.killTask': asText,
  'worker.processes': asNumber,
  'worker.inline': asBoolean,
  'worker.concurrency': asNumber,
  'worker.queues': asList,
  'worker.maxMemory': asNumber,
  'worker.leaseSeconds': asNumber,
  'worker.pollSeconds': asNumber,
  'worker.drainSeconds': asNumber,
  'worker.graceSeconds': asNumber,
  'worker.metricsPort': asNumber,
  'worker.metricsHost': asText,
  listen: asListen,
  logLevel: asText,
} as const

/** A setting that can be given as text, by a flag or in the environment; dots lead into its group. */
export type TextSettingName = keyof typeof readers

/** A setting given as text. */
export interface TextSetting {
  readonly setting: TextSettingName
  readonly text: string
  /** Where it was given, as messages show it: `--concurrency`, `SISY_CONCURRENCY in the environment`. */
  readonly source: string
}

const variables: Readonly<Record<string, TextSettingName>> = {
  SISY_HEARTBEAT_FREQUENCY: 'heartbeat.frequency',
  SISY_DEFAULT_SCHEDULE: 'defaultSchedule',
  SISY_TIMEZONE: 'timezone',
  SISY_HEARTBEAT_CHANNEL: 'channels.heartbeat',
  SISY_RUN_TASK_CHANNEL: 'channels.runTask',
  SISY_KILL_TASK_CHANNEL: 'channels.killTask',
  SISY_PROCESSES: 'worker.processes',
  SISY_INLINE: 'worker.inline',
  SISY_CONCURRENCY: 'worker.concurrency',
  SISY_QUEUES: 'worker.queues',
  SISY_MAX_MEMORY: 'worker.maxMemory',
  SISY_METRICS_PORT: 'worker.metricsPort',
  SISY_METRICS_HOST: 'worker.metricsHost',
  SISY_LISTEN: 'listen',
  SISY_LOG_LEVEL: 'logLevel',
}

/** The value a text stands for: a number, a list, true, false, or the text itself when it is none of what the setting takes. */
export function readTextSetting({ setting, text }: TextSetting): unknown {
  return readers[setting](text)
}

/**
 * The settings among some environment variables; an empty one counts as not given.
 *
 * @param place where the variables stand, as messages show it: `the environment`, or the path of a `.env` file.
 * @throws ConfigError for a variable that looks like a mistyped one; others that begin with `SISY_` are left alone.
 */
export function settingsFromEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  place: string,
): TextSetting[] {
  return Object.entries(env).flatMap(([variable, text]) => {
    if (!variable.startsWith('SISY_') || text === undefined || text.trim() === '') return []
    const setting = variables[variable]
    if (setting !== undefined) return [{ setting, text, source: `${variable} in ${place}` }]
    const meant = nearestName(variable, Object.keys(variables))
    if (meant === undefined) return []
    throw new ConfigError(`${variable} in ${place} is no setting. Did you mean "${meant}"?`, {
      setting: variable,
      value: text,
      source: place,
    })
  })
}
