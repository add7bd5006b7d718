import { z } from 'zod'
import { checkTimezone } from '../schedule/check-timezone.js'
import type { OnOutcome } from '../run/outcome.js'
import type { Redact } from '../run/redact-attempt.js'
import { parseSchedule } from '../schedule/parse-schedule.js'
import { channelText, defaultChannels, isChannelName } from '../store/channels.js'
import * as defaults from './defaults.js'
import type { LogLevel } from './define-config.js'
import type { EnsuredTask } from './ensured-task.js'
import type { PrismaSource } from './prisma-source.js'
import { amount, checked, group } from './setting-rules.js'
import { queueGroup, workerGroup, workerSettings } from './worker-settings.js'

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const satisfies LogLevel[]

const channel = z.string(channelText).refine(isChannelName, channelText)

const heartbeat = group({
  frequency: amount(0.1, 3600, 'seconds').default(defaults.defaultHeartbeatFrequency),
})

const channels = group({
  heartbeat: channel.default(defaultChannels.heartbeat),
  runTask: channel.default(defaultChannels.runTask),
  killTask: channel.default(defaultChannels.killTask),
}).superRefine((names, context) => {
  const entries = Object.entries(names)
  entries.forEach(([setting, name], index) => {
    const earlier = entries.slice(0, index).find((entry) => entry[1] === name)
    if (earlier === undefined) return
    context.addIssue({
      code: 'custom',
      path: [setting],
      message: `a name that no other channel has (channels.${earlier[0]} has this one)`,
    })
  })
})

const retention = group({
  succeededDays: amount(0, 36_500, 'days').default(defaults.defaultSucceededDays),
  failedDays: amount(0, 36_500, 'days').default(defaults.defaultFailedDays),
})

const isEnsuredTask = (value: unknown): value is EnsuredTask =>
  typeof value === 'object' &&
  value !== null &&
  'callable' in value &&
  (typeof value.callable === 'string' || typeof value.callable === 'function') &&
  'key' in value &&
  typeof value.key === 'string' &&
  value.key !== ''

const tasks = z
  .array(
    z.custom<EnsuredTask>(
      isEnsuredTask,
      'an object with `callable` (a path or a function) and `key` (a text)',
    ),
    'a list',
  )
  .superRefine((list, context) => {
    list.forEach((task, index) => {
      if (list.findIndex(({ key }) => key === task.key) === index) return
      context.addIssue({
        code: 'custom',
        path: [index, 'key'],
        message: 'a key that no other of the tasks has',
      })
    })
  })

/** Everything a process can be told, filled with defaults and checked. */
export const settingsSchema = group({
  prisma: z.custom<PrismaSource>(
    (value) => (typeof value === 'object' && value !== null) || typeof value === 'function',
    'a Prisma client made with the plugin, a function that makes one, or { prisma, close }',
  ),
  tasks: tasks.default([]),
  defaultSchedule: checked('a cron expression', parseSchedule).default(defaults.defaultTaskSchedule),
  timezone: checked('an IANA time zone', checkTimezone).default(defaults.defaultTimezone),
  heartbeat: heartbeat.prefault({}),
  channels: channels.prefault({}),
  worker: workerSettings.prefault({}),
  retention: retention.prefault({}),
  onOutcome: z.custom<OnOutcome>((value) => typeof value === 'function', 'a function').optional(),
  redact: z.custom<Redact>((value) => typeof value === 'function', 'a function').optional(),
  listen: z
    .union([z.literal(false), z.string().min(1)], 'a connection string, or false for polling only')
    .optional(),
  logLevel: z.enum(logLevels, `one of ${logLevels.join(', ')}`).default(defaults.defaultLogLevel),
})

/** Settings as heartbeat, worker and doctor use them: every one filled, none unchecked. */
export type Settings = z.output<typeof settingsSchema>

/** Names of the settings in one group (`['worker']`), or of the groups and settings at the top (no name). */
export function namesOfSettings(names: readonly string[]): string[] {
  const groups: Record<string, { shape: object }> = {
    '': settingsSchema,
    heartbeat,
    channels,
    worker: workerGroup,
    // Below it stands the queue's name.
    'worker.perQueue': queueGroup,
    retention,
  }
  return Object.keys(groups[names.slice(0, 2).join('.')]?.shape ?? {})
}
