import { describe, expect, it } from '@jest/globals'
import type { TextSetting } from '../../src/config/text-setting.js'
import { settingsFromEnvironment } from '../../src/config/text-setting.js'
import { path, prisma, refusal, resolve } from './settings-under-test.js'

const mb = 1024 ** 2

describe('the settings of a worker', () => {
  it('fill the concurrency by where runs are executed', () => {
    expect(resolve({ prisma, worker: { inline: true } }).worker.concurrency).toBe(10)
    expect(resolve({ prisma, worker: { inline: false } }).worker.concurrency).toBe(1)
    expect(resolve({ prisma, worker: { inline: true, concurrency: 3 } }).worker.concurrency).toBe(3)
  })

  it('take sizes as bytes or text, and recycle at 80 % of the limit', () => {
    const memory = (worker: object) => {
      const { maxMemory, recycleMemory } = resolve({ prisma, worker }).worker
      return [maxMemory, recycleMemory]
    }
    expect(memory({ maxMemory: '100mb' })).toEqual([100 * mb, 80 * mb])
    expect(memory({ maxMemory: 100 * mb, recycleMemory: '50 MB' })).toEqual([100 * mb, 50 * mb])
    expect(memory({ maxMemory: '100mb', recycleMemory: null })).toEqual([100 * mb, null])
    expect(memory({ recycleMemory: '50mb' })).toEqual([null, 50 * mb])
    expect(memory({ maxMemory: '64mb' })[1]).toBe(53_687_091)
  })

  it('keep of a queue what was given, and nothing else', () => {
    const perQueue = {
      mail: { processes: 2, maxMemory: '128mb', timeoutSeconds: 5, inline: undefined },
      'reports.daily': { inline: true, maxMemory: null, recycleMemory: '50mb' },
    }
    const resolved = resolve({ prisma, worker: { maxMemory: '64mb', perQueue } }).worker.perQueue
    expect(resolved).toStrictEqual({
      mail: { processes: 2, maxMemory: 128 * mb, timeoutSeconds: 5 },
      'reports.daily': { inline: true, maxMemory: null, recycleMemory: 50 * mb },
    })
  })

  it('are read from the environment', () => {
    const texts = settingsFromEnvironment(
      {
        SISY_PROCESSES: '3',
        SISY_INLINE: 'true',
        SISY_MAX_MEMORY: '1gb',
        SISY_METRICS_PORT: '0',
        SISY_METRICS_HOST: '::1',
      },
      'the environment',
    )
    expect(resolve({ prisma }, texts).worker).toMatchObject({
      processes: 3,
      inline: true,
      maxMemory: 1024 * mb,
      metricsPort: 0,
      metricsHost: '::1',
    })
    const bytes: TextSetting = { setting: 'worker.maxMemory', text: '104857600', source: 'SISY_MAX_MEMORY' }
    expect(resolve({ prisma }, [bytes]).worker.maxMemory).toBe(100 * mb)
    const off: TextSetting = { setting: 'worker.inline', text: 'false', source: 'SISY_INLINE' }
    expect(resolve({ prisma, worker: { inline: true } }, [off]).worker.inline).toBe(false)
  })

  it('stay as they are when they are resolved again', () => {
    const worker = { maxMemory: '64mb', perQueue: { mail: { maxMemory: '1gb' } }, metricsPort: 0 }
    const once = resolve({ prisma, worker })
    expect(resolve(once)).toStrictEqual(once)
  })

  it.each<[string, object, string, string]>([
    ['no child', { processes: 0 }, 'processes is 0', 'a whole number from 1 to 256'],
    ['many children', { processes: 257 }, 'processes is 257', 'a whole number from 1 to 256'],
    ['a word for a switch', { inline: 'yes' }, "inline is 'yes'", 'true or false'],
    [
      'half a second',
      { timeoutSeconds: 0.5 },
      'timeoutSeconds is 0.5',
      'a whole number from 1 to 2147483647, or null for none',
    ],
    [
      'little memory',
      { maxMemory: '63mb' },
      "maxMemory is '63mb'",
      'bytes or a text such as 512mb or 1.5gb, at least 64mb, or null for no limit',
    ],
    [
      'no size',
      { maxMemory: 'plenty' },
      "maxMemory is 'plenty'",
      'bytes or a text such as 512mb or 1.5gb, at least 64mb, or null for no limit',
    ],
    [
      'a size that is a switch',
      { recycleMemory: true },
      'recycleMemory is true',
      'bytes or a text such as 512mb or 1.5gb, at least 32mb, or null for no limit',
    ],
    [
      'recycling at the limit',
      { maxMemory: '100mb', recycleMemory: '100mb' },
      "recycleMemory is '100mb'",
      'less than worker.maxMemory (104857600 bytes)',
    ],
    [
      'looks in no time',
      { memoryCheckIntervalMs: 0 },
      'memoryCheckIntervalMs is 0',
      'a number of milliseconds from 50 to 60000',
    ],
    [
      'children that run nothing',
      { maxRunsPerChild: 0 },
      'maxRunsPerChild is 0',
      'a whole number from 1 to 2147483647, or null for none',
    ],
    [
      'no port',
      { metricsPort: 65_536 },
      'metricsPort is 65536',
      'a whole number from 0 to 65535, or null for none',
    ],
    ['no host', { metricsHost: '' }, "metricsHost is ''", 'a host name or an address'],
    [
      'a list of queues',
      { perQueue: ['mail'] },
      "perQueue is [ 'mail' ]",
      'an object with a member for each queue',
    ],
    ['a queue that is no object', { perQueue: { mail: [] } }, 'perQueue.mail is []', 'an object'],
    [
      'a member of a queue out of range',
      { perQueue: { 'a.b': { concurrency: 0 } } },
      'perQueue.a.b.concurrency is 0',
      'a whole number from 1 to 1000',
    ],
    [
      'a queue that recycles at its limit',
      { perQueue: { mail: { maxMemory: '100mb', recycleMemory: '100mb' } } },
      "perQueue.mail.recycleMemory is '100mb'",
      'less than worker.perQueue.mail.maxMemory (104857600 bytes)',
    ],
    [
      'a queue that recycles above the limit of all',
      { maxMemory: '100mb', perQueue: { mail: { recycleMemory: '200mb' } } },
      "perQueue.mail.recycleMemory is '200mb'",
      'less than worker.maxMemory (104857600 bytes)',
    ],
  ])('refuse %s', (_, worker, given, accepted) => {
    expect(refusal({ prisma, worker }).message).toBe(
      `The setting worker.${given} (from ${path}); accepted is ${accepted}.`,
    )
  })

  it('tell where a bad one was given', () => {
    const variable: TextSetting = {
      setting: 'worker.inline',
      text: 'maybe',
      source: 'SISY_INLINE in the environment',
    }
    expect(refusal({ prisma }, [variable]).message).toBe(
      "The setting worker.inline is 'maybe' (from SISY_INLINE in the environment); accepted is true or false.",
    )
  })

  it('name what a queue can be told, for a member that is unknown', () => {
    expect(refusal({ prisma, worker: { perQueue: { mail: { concurency: 4 } } } }).message).toBe(
      `${path} gives worker.perQueue.mail.concurency, which is no setting. ` +
        'Did you mean "worker.perQueue.mail.concurrency"? Known are worker.perQueue.mail.processes, ' +
        'worker.perQueue.mail.inline, worker.perQueue.mail.concurrency, worker.perQueue.mail.timeoutSeconds, ' +
        'worker.perQueue.mail.maxMemory, worker.perQueue.mail.recycleMemory, ' +
        'worker.perQueue.mail.memoryCheckIntervalMs, worker.perQueue.mail.maxRunsPerChild.',
    )
  })
})
