import { z } from 'zod'
import { oneLine } from '../errors/one-line.js'
import { checkTimezone } from '../schedule/check-timezone.js'
import { parseSchedule } from '../schedule/parse-schedule.js'
import { channelText, defaultChannels, isChannelName } from '../store/channels.js'
import * as defaults from './defaults.js'
import type { LogLevel } from './define-config.js'
import type { EnsuredTask } from './ensured-task.js'
import type { PrismaSource } from './prisma-source.js'

// The message of every rule completes the sentence "accepted is …".

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const satisfies LogLevel[]

const text = (accepted: string) => z.string(accepted).min(1, accepted)

const amount = (least: number, most: number, unit: string) => {
  const accepted = `a number of ${unit} from ${least} to ${most}`
  return z.number(accepted).min(least, accepted).max(most, accepted)
}

const group = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject(shape, { error: (issue) => (issue.code === 'unrecognized_keys' ? undefined : 'an object') })

/** Text that a check of ours accepts; what the check says of a bad one is told in brackets. */
const checked = (accepted: string, check: (text: string) => unknown) =>
  z.string(accepted).superRefine((value, context) => {
    try {
      check(value)
    } catch (thrown) {
      context.addIssue({ code: 'custom', message: `${accepted} (${oneLine(thrown)})` })
    }
  })

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

const concurrencyText = 'a whole number from 1 to 1000'

const worker = group({
  concurrency: z
    .int(concurrencyText)
    .min(1, concurrencyText)
    .max(1000, concurrencyText)
    .default(defaults.defaultConcurrency),
  queues: z.array(text('a name'), 'a list of names').min(1, 'at least one name').optional(),
  leaseSeconds: amount(5, 3600, 'seconds').default(defaults.defaultLeaseSeconds),
  pollSeconds: amount(0.1, 60, 'seconds').default(defaults.defaultPollSeconds),
  drainSeconds: amount(0, 86_400, 'seconds').default(defaults.defaultDrainSeconds),
  graceSeconds: amount(0, 3600, 'seconds').default(defaults.defaultGraceSeconds),
}).superRefine(({ pollSeconds, leaseSeconds }, context) => {
  if (pollSeconds < leaseSeconds) return
  context.addIssue({
    code: 'custom',
    path: ['pollSeconds'],
    message: `less than worker.leaseSeconds (${leaseSeconds})`,
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
  worker: worker.prefault({}),
  retention: retention.prefault({}),
  listen: z
    .union([z.literal(false), z.string().min(1)], 'a connection string, or false for polling only')
    .optional(),
  logLevel: z.enum(logLevels, `one of ${logLevels.join(', ')}`).default(defaults.defaultLogLevel),
})

/** Settings as heartbeat, worker and doctor use them: every one filled, none unchecked. */
export type Settings = z.output<typeof settingsSchema>

/** Names of the settings in one group (`worker`), or of the groups and settings at the top (empty name). */
export function namesOfSettings(name: string): string[] {
  const groups: Record<string, { shape: object }> = {
    '': settingsSchema,
    heartbeat,
    channels,
    worker,
    retention,
  }
  return Object.keys(groups[name]?.shape ?? {})
}
