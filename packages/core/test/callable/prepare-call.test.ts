import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { PrismaPg } from '@prisma/adapter-pg'
import {
  InvalidRecordKeyError,
  RecordMissingError,
  sisy,
  UnknownCallableError,
  type JsonObject,
  type TaskContext,
} from '@sisy/core'
import { prepareCall, runtimeOf } from '@sisy/core/internal'
import { createScratchDatabase, type ScratchDatabase } from '@sisy/test-kit'
import { Prisma, PrismaClient } from '@sisy/test-kit/prisma-client'
import { PrismaClient as PrismaClientJs } from '@sisy/test-kit/prisma-client-js'
import { directContext } from '../../src/callable/direct-context.js'

class Base {
  static whoami(_context: TaskContext): string {
    return this.name
  }
}
class Derived extends Base {}
const echo = ({ task }: TaskContext): JsonObject => task.userdata

function touch(this: object, { task }: TaskContext): object {
  return { record: this, userdata: task.userdata }
}
const touched = { touch }
const methods = {
  intRecord: touched,
  bigIntRecord: touched,
  stringRecord: touched,
  uuidRecord: touched,
  dateTimeRecord: touched,
  decimalRecord: touched,
  bytesRecord: touched,
  compositeRecord: touched,
  namedCompositeRecord: touched,
}
type Model = keyof typeof methods

const callables = () => ({ echo, Derived })
const openBase = (url: string) => new PrismaClient({ adapter: new PrismaPg({ connectionString: url }) })
// Its models are those of the other one; their types are as well.
const openBaseJs = (url: string) =>
  new PrismaClientJs({ adapter: new PrismaPg({ connectionString: url }) }) as unknown as PrismaClient

const context = directContext('', { given: 1 }, new Date(0))

let database: ScratchDatabase
beforeAll(async () => {
  database = await createScratchDatabase()
})
afterAll(() => database.drop())

describe.each([
  ['prisma-client', openBase],
  ['prisma-client-js', openBaseJs],
])('with the generator %s', (_generator, open) => {
  const app = () => {
    const base = open(database.url)
    return { base, prisma: base.$extends(sisy(base, { callables, methods })) }
  }
  let { base, prisma }: Partial<ReturnType<typeof app>> = {}
  beforeAll(() => {
    ;({ base, prisma } = app())
  })
  afterAll(() => base?.$disconnect())

  const prepare = async (callable: string, modelKey: JsonObject | null = null) =>
    prepareCall(runtimeOf(prisma), { callable, modelName: null, modelKey })

  const uuid = '0190a2b4-7c00-7000-8000-0123456789ab'
  const day = new Date('2030-01-02T00:00:00Z')
  const keys: [model: Model, key: object, json: JsonObject][] = [
    ['intRecord', { id: -3 }, { id: -3 }],
    ['bigIntRecord', { id: 2n ** 62n }, { id: '4611686018427387904' }],
    ['stringRecord', { id: `it's "quoted"` }, { id: `it's "quoted"` }],
    ['uuidRecord', { id: uuid }, { id: uuid }],
    ['dateTimeRecord', { id: new Date('2030-01-02T03:04:05.678Z') }, { id: '2030-01-02T03:04:05.678Z' }],
    [
      'decimalRecord',
      { id: new Prisma.Decimal('12345678901234567890.0123456789') },
      { id: '12345678901234567890.0123456789' },
    ],
    ['bytesRecord', { id: new Uint8Array([0, 128, 255]) }, { id: 'AID/' }],
    ['compositeRecord', { region: 'eu', number: 2n ** 60n }, { region: 'eu', number: '1152921504606846976' }],
    ['namedCompositeRecord', { tenant: 1, day }, { tenant: 1, day: day.toISOString() }],
  ]

  test.each(keys)('a method of %s is bound to the record its key names', async (model, key, json) => {
    // Delegates of different models have no common type.
    const delegate = base![model] as unknown as PrismaClient['intRecord']
    await delegate.deleteMany()
    await delegate.create({ data: key as { id: number } })
    const extended = prisma![model] as unknown as { findFirstOrThrow(): Promise<{ touch: never }> }
    const row = await extended.findFirstOrThrow()
    const data = prisma!.task.withCallable(...([row.touch] as unknown as ['echo']))
    expect(data).toMatchObject({ callable: `${model}.touch`, modelKey: json })
    expect(
      prisma!.task.withCallable(`${model}.touch` as 'intRecord.touch', { record: key }).modelKey,
    ).toEqual(json)

    await delegate.updateMany({ data: { touched: 7 } })
    const call = await prepare(`${model}.touch`, JSON.parse(JSON.stringify(data.modelKey)))
    const { record, userdata } = call(context) as { record: object; userdata: object }
    expect({ ...record }).toEqual(await delegate.findFirstOrThrow())
    expect(record).toMatchObject({ touched: 7 })
    expect(userdata).toEqual({ given: 1 })
    await delegate.deleteMany()
    await expect(prepare(`${model}.touch`, json)).rejects.toThrow(RecordMissingError)
  })

  test('a function is called without `this`, a static method on the class it was registered through', async () => {
    expect((await prepare('echo'))(context)).toEqual({ given: 1 })
    expect((await prepare('Derived.whoami'))(context)).toBe('Derived')
  })

  test('a record has all its scalar fields, whatever the client omits', async () => {
    const omitting = new PrismaClient({
      adapter: new PrismaPg({ connectionString: database.url }),
      omit: { intRecord: { touched: true } },
    })
    const extended = omitting.$extends(sisy(omitting, { methods: { intRecord: touched } }))
    await base!.intRecord.create({ data: { id: 77, touched: 5 } })
    const call = await prepareCall(runtimeOf(extended), {
      callable: 'intRecord.touch',
      modelName: null,
      modelKey: { id: 77 },
    })
    expect(call(context)).toMatchObject({ record: { id: 77, touched: 5 } })
    await base!.intRecord.deleteMany()
    await omitting.$disconnect()
  })

  test('unknown callables, and keys that fit no record, are refused', async () => {
    await expect(prepare('nope')).rejects.toThrow(UnknownCallableError)
    await expect(prepare('intRecord.touch')).rejects.toThrow(/has no modelKey/)
    await expect(prepare('intRecord.touch', { id: 'x' })).rejects.toThrow(InvalidRecordKeyError)
    await expect(prepare('namedCompositeRecord.touch', { tenant: 1 })).rejects.toThrow(/day is missing/)
  })
})
