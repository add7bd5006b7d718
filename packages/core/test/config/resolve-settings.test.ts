import { describe, expect, it } from '@jest/globals'
import { availableParallelism } from 'node:os'
import type { TextSetting } from '../../src/config/text-setting.js'
import { path, prisma, refusal, resolve } from './settings-under-test.js'

describe('resolveSettings', () => {
  it('fills every default', () => {
    expect(resolve({ prisma })).toEqual({
      prisma,
      tasks: [],
      defaultSchedule: '* * * * *',
      timezone: 'UTC',
      heartbeat: { frequency: 60 },
      channels: { heartbeat: 'sisy.heartbeat', runTask: 'sisy.run_task', killTask: 'sisy.kill_task' },
      worker: {
        processes: availableParallelism(),
        inline: false,
        concurrency: 1,
        timeoutSeconds: null,
        maxMemory: null,
        recycleMemory: null,
        memoryCheckIntervalMs: 1000,
        maxRunsPerChild: null,
        perQueue: {},
        leaseSeconds: 60,
        drainSeconds: 20,
        graceSeconds: 5,
        metricsPort: null,
        metricsHost: '127.0.0.1',
      },
      retention: { succeededDays: 1, failedDays: 14 },
      logLevel: 'info',
    })
  })

  it('lets a later text win over an earlier one, and both over the file', () => {
    const file = { prisma, worker: { concurrency: 1, queues: ['a'] } }
    const environment: TextSetting = { setting: 'worker.concurrency', text: '2', source: 'SISY_CONCURRENCY' }
    const flag: TextSetting = { setting: 'worker.concurrency', text: '3', source: '--concurrency' }
    expect(resolve(file).worker.concurrency).toBe(1)
    expect(resolve(file, [environment]).worker.concurrency).toBe(2)
    expect(resolve(file, [environment, flag]).worker).toMatchObject({ concurrency: 3, queues: ['a'] })
  })

  it('leaves what the file exported as it is', () => {
    const file = { prisma, worker: { concurrency: 1 } }
    resolve(file, [{ setting: 'worker.concurrency', text: '2', source: '--concurrency' }])
    expect(file).toEqual({ prisma, worker: { concurrency: 1 } })
  })

  it('reads lists and false out of text', () => {
    const settings = resolve({ prisma }, [
      { setting: 'worker.queues', text: 'mail, reports', source: '--queues' },
      { setting: 'listen', text: 'false', source: '--listen' },
    ])
    expect(settings.worker.queues).toEqual(['mail', 'reports'])
    expect(settings.listen).toBe(false)
  })

  it.each<[string, unknown, readonly TextSetting[], string]>([
    [
      'a number out of range',
      { prisma, worker: { concurrency: 0 } },
      [],
      `The setting worker.concurrency is 0 (from ${path}); accepted is a whole number from 1 to 1000.`,
    ],
    [
      'text where a number belongs',
      { prisma },
      [
        {
          setting: 'heartbeat.frequency',
          text: 'often',
          source: 'SISY_HEARTBEAT_FREQUENCY in the environment',
        },
      ],
      "The setting heartbeat.frequency is 'often' (from SISY_HEARTBEAT_FREQUENCY in the environment); " +
        'accepted is a number of seconds from 0.1 to 3600.',
    ],
    [
      'a number as text in the file',
      { prisma, heartbeat: { frequency: '60' } },
      [],
      `The setting heartbeat.frequency is '60' (from ${path}); accepted is a number of seconds from 0.1 to 3600.`,
    ],
    [
      'no time zone',
      { prisma, timezone: 'Europe/Madird' },
      [],
      `The setting timezone is 'Europe/Madird' (from ${path}); accepted is an IANA time zone ` +
        '(timezone "Europe/Madird" is not an IANA time zone; did you mean "Europe/Madrid"?).',
    ],
    [
      'two channels of one name',
      { prisma, channels: { heartbeat: 'a', killTask: 'a' } },
      [],
      `The setting channels.killTask is 'a' (from ${path}); ` +
        'accepted is a name that no other channel has (channels.heartbeat has this one).',
    ],
    [
      'a channel name that is too long',
      { prisma, channels: { heartbeat: 'é'.repeat(32) } },
      [],
      `The setting channels.heartbeat is '${'é'.repeat(32)}' (from ${path}); accepted is a name of at most 63 bytes.`,
    ],
    [
      'polls further apart than leases',
      { prisma, worker: { leaseSeconds: 10, pollSeconds: 10 } },
      [],
      `The setting worker.pollSeconds is 10 (from ${path}); accepted is less than worker.leaseSeconds (10).`,
    ],
    [
      'two tasks of one key',
      {
        prisma,
        tasks: [
          { callable: 'a', key: 'k' },
          { callable: 'b', key: 'k' },
        ],
      },
      [],
      `The setting tasks.1.key is 'k' (from ${path}); accepted is a key that no other of the tasks has.`,
    ],
    [
      'a group that is none',
      { prisma, worker: 5 },
      [{ setting: 'worker.concurrency', text: '2', source: '--concurrency' }],
      `The setting worker is 5 (from ${path}); accepted is an object.`,
    ],
    [
      'something to be told of outcomes that is no function',
      { prisma, onOutcome: 'sentry' },
      [],
      `The setting onOutcome is 'sentry' (from ${path}); accepted is a function.`,
    ],
    [
      'something to redact texts that is no function',
      { prisma, redact: /secret/ },
      [],
      `The setting redact is /secret/ (from ${path}); accepted is a function.`,
    ],
    [
      'no client',
      {},
      [],
      `The setting prisma is missing from ${path}; ` +
        'accepted is a Prisma client made with the plugin, a function that makes one, or { prisma, close }.',
    ],
  ])('refuses %s', (_, file, texts, message) => {
    expect(refusal(file, texts).message).toBe(message)
  })

  it('refuses an unknown setting, with the name that was meant', () => {
    expect(refusal({ prisma, worker: { concurency: 4 } }).message).toBe(
      `${path} gives worker.concurency, which is no setting. Did you mean "worker.concurrency"? ` +
        'Known are worker.processes, worker.inline, worker.concurrency, worker.queues, worker.timeoutSeconds, ' +
        'worker.maxMemory, worker.recycleMemory, worker.memoryCheckIntervalMs, worker.maxRunsPerChild, ' +
        'worker.perQueue, worker.leaseSeconds, worker.pollSeconds, worker.drainSeconds, worker.graceSeconds, ' +
        'worker.metricsPort, worker.metricsHost.',
    )
    expect(refusal({ prisma, task: [] }).message).toContain('Did you mean "tasks"?')
  })

  it('refuses what is no cron expression, and says why', () => {
    const flag: TextSetting = { setting: 'defaultSchedule', text: 'daily', source: '--default-schedule' }
    expect(refusal({ prisma }, [flag]).message).toMatch(
      /^The setting defaultSchedule is 'daily' \(from --default-schedule\); accepted is a cron expression \(.+\)\.$/,
    )
  })

  it('keeps the facts of a refusal', () => {
    const { facts } = refusal({ prisma, worker: { concurrency: 0 } })
    expect(facts).toEqual({ setting: 'worker.concurrency', value: 0, source: path })
  })

  it('shows no password', () => {
    const { message } = refusal({
      prisma,
      listen: 'postgres://me:hunter2@db/app',
      worker: { concurrency: 0 },
    })
    expect(message).not.toContain('hunter2')
  })

  it('refuses a default export that is no object', () => {
    expect(refusal(['x']).message).toBe(
      `${path} exports [ 'x' ] as its default; export defineConfig({ prisma, … }) instead.`,
    )
  })
})
