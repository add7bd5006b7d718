import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { RunOptions } from '@sisy/core'
import { Prisma } from '@sisy/test-kit/prisma-client'
import fc from 'fast-check'
import { openTestApp, sendEmail, type TestApp } from './test-app.js'

let app: TestApp
beforeAll(async () => {
  app = await openTestApp()
})
beforeEach(() => app.clear())
afterAll(() => app.close())

/** Any text that the database can hold. */
const text = (minLength: number) =>
  fc
    .string({ unit: 'binary', minLength, maxLength: 20 })
    .filter((given) => !given.includes('\0') && given.trim().length >= minLength)
// PostgreSQL has no negative zero, and keeps a `__proto__` that JavaScript takes for something else.
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((given) => given + 0)
const { tree: json } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    text(0),
    number,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(text(0), tie('tree'), { maxKeys: 4, noNullPrototype: true }),
  ),
}))
const integer = fc.integer({ min: 1, max: 2 ** 31 - 1 })
const future = fc.date({ min: new Date('2990-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })

const options = fc.record(
  {
    label: text(1),
    queue: text(1),
    priority: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    maxAttempts: integer,
    timeoutSeconds: fc.option(integer),
    backoff: fc.option(fc.record({ baseMs: integer, maxMs: integer }, { requiredKeys: [] })),
    delayUntil: future,
    uniqueKey: text(1),
  },
  { requiredKeys: [] },
)
const userdata = fc.record({ to: text(0), any: json }).map((given) => given as { to: string })
const item = fc.tuple(options, userdata).map(([given, data]) => ({ ...given, userdata: data }))

/** Items of which some columns differ and the others are shared by all. */
const items = fc
  .tuple(
    fc.array(item, { minLength: 1, maxLength: 12 }),
    item,
    fc.subarray([
      'label',
      'queue',
      'priority',
      'maxAttempts',
      'timeoutSeconds',
      'backoff',
      'delayUntil',
      'userdata',
    ] as const),
  )
  .map(([given, shared, names]) =>
    given.map((one) => ({ ...one, ...Object.fromEntries(names.map((name) => [name, shared[name]])) })),
  )

test('what is enqueued is what was given, whatever it is', async () => {
  await fc.assert(
    fc.asyncProperty(items, async (given) => {
      await app.clear()
      const written = await app.prisma.task.runOnceMany(
        sendEmail,
        given as (RunOptions & { userdata: { to: string } })[],
      )
      const rows = new Map((await app.runs()).map((run) => [run.id, run]))
      expect(rows.size).toBe(written.filter((run) => run !== null).length)
      // Prisma reads a JSON null as it reads NULL.
      expect(await app.base.taskRun.count({ where: { backoff: { equals: Prisma.JsonNull } } })).toBe(0)
      const keys = given.map(({ uniqueKey }) => uniqueKey)
      given.forEach((options, index) => {
        const reply = written[index] ?? null
        const { uniqueKey, delayUntil, userdata } = options
        if (uniqueKey !== undefined && keys.indexOf(uniqueKey) < index) {
          expect(reply).toBeNull()
          return
        }
        const row = rows.get(reply?.id ?? '')
        expect(row).toMatchObject({
          ...reply,
          label: options.label ?? 'sendEmail',
          callable: 'sendEmail',
          modelName: null,
          modelKey: null,
          queue: options.queue ?? 'default',
          priority: options.priority ?? 0,
          maxAttempts: options.maxAttempts ?? 5,
          timeoutSeconds: options.timeoutSeconds ?? null,
          uniqueKey: uniqueKey ?? null,
          activeKey: uniqueKey === undefined ? null : `u:${uniqueKey}`,
          state: delayUntil === undefined ? 'due' : 'scheduled',
          dueAt: delayUntil ?? reply?.dueAt,
        })
        expect(row?.userdata).toEqual(userdata)
        expect(row?.backoff).toEqual(options.backoff ?? null)
      })
    }),
    { numRuns: Number(process.env['SISY_PROPERTY_RUNS'] ?? 150) },
  )
})
