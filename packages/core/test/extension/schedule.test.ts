import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import {
  InvalidRecordKeyError,
  InvalidScheduleError,
  InvalidTaskError,
  InvalidTimezoneError,
  NotSerialisableError,
  UnknownCallableError,
  type TaskOptions,
} from '@sisy/core'
import { Billing, dailyMaintenance, openTestApp, sendEmail, type TestApp } from './test-app.js'

/** Options as an app without types may give them. */
const loose = (options: object): TaskOptions => options

let app: TestApp
beforeAll(async () => {
  app = await openTestApp()
})
beforeEach(() => app.clear())
afterEach(() => {
  delete process.env['SISY_DEFAULT_SCHEDULE']
})
afterAll(() => app.close())

describe('schedule', () => {
  test('writes a row with every default and a first instant', async () => {
    const task = await app.prisma.task.schedule(dailyMaintenance)
    expect(await app.tasks()).toEqual([
      {
        ...task,
        key: null,
        label: 'dailyMaintenance',
        callable: 'dailyMaintenance',
        modelName: null,
        modelKey: null,
        userdata: {},
        schedule: '* * * * *',
        timezone: 'UTC',
        enabled: true,
        startRunning: null,
        endRunning: null,
        waitForSchedule: true,
        iterations: 0,
        allowOverlap: true,
        misfire: 'once',
        misfireWindow: null,
        misfireLimit: 100,
        jitterSeconds: 0,
        queue: 'default',
        priority: 0,
        maxAttempts: 5,
        backoff: null,
        timeoutSeconds: null,
        onMissingRecord: 'fail',
        lastRun: null,
        endedAt: null,
        problem: null,
      },
    ])
    expect(task.nextRun?.getTime()).toBeGreaterThan(task.createdAt.getTime())
    expect(task.nextRun?.getUTCSeconds()).toBe(0)
  })

  test('writes every option', async () => {
    const task = await app.prisma.task.schedule(sendEmail, {
      key: 'mail',
      label: 'Mail',
      schedule: '0 9 * * mon',
      timezone: 'Europe/Madrid',
      enabled: false,
      startRunning: '2030-01-01T00:00:00+01:00',
      endRunning: new Date('2031-01-01T00:00:00Z'),
      waitForSchedule: false,
      iterations: 3,
      allowOverlap: false,
      misfire: 'skip',
      misfireWindow: 60,
      misfireLimit: 2,
      jitterSeconds: 5,
      queue: 'mail',
      priority: 7,
      maxAttempts: 1,
      backoff: { baseMs: 5 },
      timeoutSeconds: 9,
      onMissingRecord: 'delete',
      userdata: { to: 'a@b.c' },
    })
    expect(task).toMatchObject({
      key: 'mail',
      label: 'Mail',
      schedule: '0 9 * * mon',
      timezone: 'Europe/Madrid',
      enabled: false,
      startRunning: new Date('2029-12-31T23:00:00Z'),
      endRunning: new Date('2031-01-01T00:00:00Z'),
      waitForSchedule: false,
      iterations: 3,
      allowOverlap: false,
      misfire: 'skip',
      misfireWindow: 60,
      misfireLimit: 2,
      jitterSeconds: 5,
      queue: 'mail',
      priority: 7,
      maxAttempts: 1,
      backoff: { baseMs: 5 },
      timeoutSeconds: 9,
      onMissingRecord: 'delete',
      userdata: { to: 'a@b.c' },
      nextRun: null,
    })
  })

  test('begins at the first instant after startRunning', async () => {
    const task = await app.prisma.task.schedule(dailyMaintenance, {
      schedule: '30 0 * * *',
      startRunning: '2040-01-01T00:00:00Z',
    })
    expect(task.nextRun).toEqual(new Date('2040-01-01T00:30:00Z'))
  })

  test('takes functions, static methods, bound methods and paths', async () => {
    const sub = await app.prisma.subscription.create({ data: { id: 7 } })
    await app.base.compositeRecord.create({ data: { region: 'eu', number: 2n ** 60n } })
    const composite = await app.prisma.compositeRecord.findFirstOrThrow()
    await app.prisma.task.schedule(Billing.invoiceAll)
    await app.prisma.task.schedule('Billing.total', { userdata: { year: 2030 } })
    await app.prisma.task.schedule(sub.renew, { userdata: { months: 1 } })
    await app.prisma.task.schedule('subscription.ping', { record: { id: 7 } })
    await app.prisma.task.schedule(composite.touch)
    await app.prisma.task.schedule('compositeRecord.touch', { record: { region: 'us', number: 1n } })
    expect(
      (await app.tasks()).map(({ callable, modelName, modelKey }) => [callable, modelName, modelKey]),
    ).toEqual([
      ['Billing.invoiceAll', null, null],
      ['Billing.total', null, null],
      ['subscription.renew', 'Subscription', { id: 7 }],
      ['subscription.ping', 'Subscription', { id: 7 }],
      ['compositeRecord.touch', 'CompositeRecord', { region: 'eu', number: '1152921504606846976' }],
      ['compositeRecord.touch', 'CompositeRecord', { region: 'us', number: '1' }],
    ])
  })

  test('with a key updates the one row, and keeps nextRun while the timing is unchanged', async () => {
    const first = await app.prisma.task.schedule(dailyMaintenance, { key: 'm', schedule: '30 0 * * *' })
    const again = await app.prisma.task.schedule(dailyMaintenance, {
      key: 'm',
      schedule: '30 0 * * *',
      priority: 3,
    })
    expect(again).toMatchObject({ id: first.id, priority: 3, nextRun: first.nextRun })
    const moved = await app.prisma.task.schedule(dailyMaintenance, { key: 'm', schedule: '31 0 * * *' })
    expect(moved).toMatchObject({ id: first.id, priority: 0 })
    expect(moved.nextRun?.getUTCMinutes()).toBe(31)
    expect(await app.tasks()).toHaveLength(1)
  })

  test('by many processes at once makes one row', async () => {
    const tasks = await Promise.all(
      Array.from({ length: 10 }, () => app.prisma.task.schedule(dailyMaintenance, { key: 'm' })),
    )
    expect(new Set(tasks.map(({ id }) => id)).size).toBe(1)
  })

  test('takes its default schedule from the environment when it is first needed', async () => {
    process.env['SISY_DEFAULT_SCHEDULE'] = '15 3 * * *'
    expect(await app.prisma.task.schedule(dailyMaintenance)).toMatchObject({ schedule: '15 3 * * *' })
    process.env['SISY_DEFAULT_SCHEDULE'] = 'sometimes'
    await expect(app.prisma.task.schedule(dailyMaintenance)).rejects.toThrow(
      /SISY_DEFAULT_SCHEDULE in the environment is not accepted/,
    )
  })

  test('ignores options that are undefined', async () => {
    const options = loose({ key: undefined, schedule: undefined })
    expect(await app.prisma.task.schedule(dailyMaintenance, options)).toMatchObject({
      schedule: '* * * * *',
      key: null,
    })
  })
})

describe('schedule refuses', () => {
  const task = () => app.prisma.task
  const refusals: [
    what: string,
    call: () => Promise<unknown>,
    error: abstract new (...args: never[]) => Error,
    says: RegExp,
  ][] = [
    [
      'a bad schedule',
      () => task().schedule(dailyMaintenance, { schedule: '61 * * * *' }),
      InvalidScheduleError,
      /61/,
    ],
    [
      'a bad zone',
      () => task().schedule(dailyMaintenance, { timezone: 'Europe/Madird' }),
      InvalidTimezoneError,
      /did you mean/,
    ],
    [
      'negative iterations',
      () => task().schedule(dailyMaintenance, { iterations: -1 }),
      InvalidTaskError,
      /iterations/,
    ],
    [
      'an end before the start',
      () =>
        task().schedule(dailyMaintenance, {
          startRunning: '2031-01-01T00:00:00Z',
          endRunning: '2030-01-01T00:00:00Z',
        }),
      InvalidTaskError,
      /endRunning/,
    ],
    [
      'a date without a zone',
      () => task().schedule(dailyMaintenance, { startRunning: '2031-01-01T00:00:00' }),
      InvalidTaskError,
      /offset/,
    ],
    [
      'an unknown option',
      () => task().schedule(dailyMaintenance, loose({ shedule: '* * * * *' })),
      InvalidTaskError,
      /"shedule" is no option here. Did you mean "schedule"\?/,
    ],
    ['an empty key', () => task().schedule(dailyMaintenance, { key: '' }), InvalidTaskError, /key is ''/],
    [
      'userdata that JSON would drop',
      () =>
        task().schedule(sendEmail, { userdata: Object.assign({ to: '' }, { when: [{ at: undefined }] }) }),
      NotSerialisableError,
      /userdata\.when\[0\]\.at is undefined/,
    ],
    [
      'a path that is not registered',
      () => task().schedule(...(['subscription.renw'] as unknown as ['dailyMaintenance'])),
      UnknownCallableError,
      /Did you mean "subscription.renew"\?/,
    ],
    [
      'a function that is not registered',
      () => task().schedule(...([() => 1] as unknown as ['dailyMaintenance'])),
      UnknownCallableError,
      /not registered/,
    ],
    [
      'what is no callable',
      () => task().schedule(...([{ a: 1 }] as unknown as ['dailyMaintenance'])),
      Error,
      /is no callable/,
    ],
    [
      'a method without its record',
      () => task().schedule(...(['subscription.ping'] as unknown as ['dailyMaintenance'])),
      InvalidRecordKeyError,
      /say which with `record`/,
    ],
    [
      'an incomplete record',
      () => task().schedule('compositeRecord.touch', { record: { region: 'eu' } }),
      InvalidRecordKeyError,
      /number is missing/,
    ],
    [
      'a record with a function',
      () => task().schedule(dailyMaintenance, loose({ record: { id: 1 } })),
      InvalidTaskError,
      /is no method of a record/,
    ],
  ]
  test.each(refusals)('%s', async (_what, call, error, says) => {
    await expect(call()).rejects.toThrow(error)
    await expect(call()).rejects.toThrow(says)
    expect(await app.tasks()).toEqual([])
  })

  test('a method called without its model', async () => {
    const { schedule } = app.prisma.task
    await expect(schedule(dailyMaintenance)).rejects.toThrow(/without its model/)
  })
})
