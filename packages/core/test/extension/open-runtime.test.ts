import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { PrismaPg } from '@prisma/adapter-pg'
import { ConfigError, InvalidCallableError, InvalidRecordKeyError, sisy } from '@sisy/core'
import { runtimeOf, version } from '@sisy/core/internal'
import { PrismaClient } from '@sisy/test-kit/prisma-client'
import { readFileSync } from 'node:fs'
import { findRuntime } from '../../src/extension/sisy-runtime.js'
import { dailyMaintenance, openTestApp, type TestApp } from './test-app.js'

let app: TestApp
beforeAll(async () => {
  app = await openTestApp()
})
beforeEach(() => app.clear())
afterAll(() => app.close())

describe('the runtime on a client', () => {
  test('is found on the client, on clients extended further, and in a transaction', async () => {
    const runtime = runtimeOf(app.prisma)
    expect(runtime).toMatchObject({
      version,
      provider: 'postgresql',
      schema: 'public',
      models: { task: 'Task', run: 'TaskRun', worker: 'TaskWorker' },
    })
    expect(runtime.base).toBe(app.base)
    expect(runtime.registry.paths()).toEqual([
      'dailyMaintenance',
      'sendEmail',
      'Billing.invoiceAll',
      'Billing.total',
      'subscription.renew',
      'subscription.ping',
      'compositeRecord.touch',
    ])
    expect(runtimeOf(app.prisma.$extends({}).$extends({ model: {} }))).toBe(runtime)
    await app.prisma.$transaction(async (tx) => {
      expect(runtimeOf(tx)).toBe(runtime)
    })
  })

  test('is missing from anything else', () => {
    for (const other of [app.base, {}, null, 'x']) {
      expect(findRuntime(other)).toBeUndefined()
      expect(() => runtimeOf(other)).toThrow(ConfigError)
    }
  })

  test('knows the version of the package', () => {
    const file = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
    expect(JSON.parse(file)).toMatchObject({ version })
  })
})

describe('sisy refuses', () => {
  test('what is no client', () => {
    expect(() => sisy({}, {})).toThrow(/takes the Prisma client it extends/)
    expect(() => sisy(undefined, {})).toThrow(ConfigError)
  })

  test('a client without its models, or with another one of that name', () => {
    expect(() => sisy(app.base, { models: { task: 'SisyTask' } })).toThrow(/has no model "SisyTask"/)
    expect(() => sisy(app.base, { models: { run: 'Note' } })).toThrow(/a model of its own named "Note"/)
  })

  test('options it does not know, and none', () => {
    const options = (given: unknown) => () => sisy(app.base, given as object)
    expect(options({ callabels: () => ({}) })).toThrow(/no option "callabels"\. Did you mean "callables"\?/)
    expect(options(undefined)).toThrow(/^The options of sisy\(base, …\) are undefined\. Write sisy\(base, \{/)
    expect(options({ callables: { dailyMaintenance } })).toThrow(
      /^callables .* must be a function that gives/,
    )
    expect(options({ callables: undefined })).not.toThrow()
  })

  test('defaults and channels that nothing could be written with', async () => {
    expect(() => sisy(app.base, { defaultSchedule: 'daily' })).toThrow(
      /^defaultSchedule of sisy\(…\) is not accepted: schedule "daily" has 1 field/,
    )
    expect(() => sisy(app.base, { timezone: 'Mars' })).toThrow(ConfigError)
    const prisma = app.base.$extends(
      sisy(app.base, { callables: () => ({ dailyMaintenance }), channels: { runTask: 'x'.repeat(64) } }),
    )
    await expect(prisma.task.runOnce(dailyMaintenance)).rejects.toThrow(
      /^channels\.runTask of sisy\(…\) is 'x+'; give a name of at most 63 bytes\.$/,
    )
  })

  test('methods of no model, of the name of a field, and such as have a meaning of their own', () => {
    const none = () => 1
    const methods = (given: object) => () => sisy(app.base, { methods: given as Record<string, never> })
    expect(methods({ subscripton: { none } })).toThrow(/Did you mean "subscription"\?/)
    expect(methods({ subscription: { plan: none } })).toThrow(/has a field of that name/)
    expect(methods({ subscription: { notes: none } })).toThrow(/has a field of that name/)
    expect(methods({ subscription: { constructor: none } })).toThrow(InvalidCallableError)
    expect(methods({ subscription: { then: none } })).toThrow(InvalidCallableError)
    expect(methods({ subscription: { toJSON: none } })).toThrow(InvalidCallableError)
    expect(methods({ subscription: { renew: 5 } })).toThrow(/it is number, not a function/)
  })
})

describe('options', () => {
  test('defaultSchedule and timezone are what tasks get that give none', async () => {
    const prisma = app.base.$extends(
      sisy(app.base, {
        callables: () => ({ dailyMaintenance }),
        defaultSchedule: '5 5 * * *',
        timezone: 'Asia/Kathmandu',
      }),
    )
    const task = await prisma.task.schedule(dailyMaintenance)
    expect(task).toMatchObject({ schedule: '5 5 * * *', timezone: 'Asia/Kathmandu' })
    expect(task.nextRun?.toISOString()).toMatch(/T23:20:00/)
  })

  test('primaryKeys go before the schema, and must name fields', async () => {
    const touch = () => 1
    const client = (key: string) =>
      app.base.$extends(
        sisy(app.base, { methods: { compositeRecord: { touch } }, primaryKeys: { compositeRecord: key } }),
      )
    expect(
      client('number').task.withCallable('compositeRecord.touch', { record: { number: 5n } }),
    ).toMatchObject({
      modelKey: { number: '5' },
    })
    expect(() => client('nope').task.withCallable('compositeRecord.touch', { record: {} })).toThrow(
      InvalidRecordKeyError,
    )
  })

  test('channels are those of the option, else of the environment', () => {
    process.env['SISY_RUN_TASK_CHANNEL'] = 'from.env'
    process.env['SISY_KILL_TASK_CHANNEL'] = ''
    const prisma = app.base.$extends(sisy(app.base, { channels: { heartbeat: 'mine' } }))
    expect(runtimeOf(prisma).channels()).toEqual({
      heartbeat: 'mine',
      runTask: 'from.env',
      killTask: 'sisy.kill_task',
    })
    delete process.env['SISY_RUN_TASK_CHANNEL']
    delete process.env['SISY_KILL_TASK_CHANNEL']
  })
})

test("statements go where Prisma's own queries go: to the adapter's schema, whatever the search_path", async () => {
  await app.base.$executeRawUnsafe('CREATE SCHEMA other')
  for (const table of ['sisy_task', 'sisy_task_run']) {
    await app.base.$executeRawUnsafe(`CREATE TABLE other.${table} (LIKE public.${table} INCLUDING ALL)`)
  }
  const adapter = new PrismaPg({ connectionString: app.url }, { schema: 'other' })
  const base = new PrismaClient({ adapter })
  const prisma = base.$extends(sisy(base, { callables: () => ({ dailyMaintenance }) }))
  const { id } = await prisma.task.schedule(dailyMaintenance)
  expect(await prisma.task.findMany()).toMatchObject([{ id }])
  expect(await app.tasks()).toEqual([])
  await base.$disconnect()

  const elsewhere = new PrismaClient({
    adapter: new PrismaPg({ connectionString: app.url, options: '-c search_path=other' }),
  })
  const extended = elsewhere.$extends(sisy(elsewhere, { callables: () => ({ dailyMaintenance }) }))
  await extended.task.schedule(dailyMaintenance)
  expect(await extended.task.count()).toBe(1)
  expect(await app.tasks()).toHaveLength(1)
  await elsewhere.$disconnect()
})
