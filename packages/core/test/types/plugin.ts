// Checked by the compiler only: what must compile, and behind @ts-expect-error what must not.
import { sisy, type SisyClient, type SisyTx, type TaskContext } from '@sisy/core'
import { base, baseJs } from './clients.js'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
function same<A, B>(..._same: Equal<A, B> extends true ? [] : [error: 'the types differ']): void {}

export async function dailyMaintenance(): Promise<number> {
  return prisma.subscription.count()
}
export async function sendEmail({ task }: TaskContext<{ to: string }>): Promise<{ sent: string }> {
  return { sent: task.userdata.to }
}
export function remind({ task, message, signal }: TaskContext<{ note?: string }>): string | undefined {
  same<typeof signal, AbortSignal>()
  same<typeof message.runId, string | null>()
  return task.userdata.note
}
export async function unregistered({ task }: TaskContext<{ nope: string }>): Promise<string> {
  return task.userdata.nope
}
class Report {
  static async inherited({ task }: TaskContext<{ pages?: number }>): Promise<number> {
    return task.userdata.pages ?? 1
  }
}
export class Billing extends Report {
  static readonly currency = 'EUR'
  static async invoiceAll({ signal }: TaskContext): Promise<5> {
    signal.throwIfAborted()
    await prisma.task.runOnce(sendEmail, { userdata: { to: 'x' } })
    return 5
  }
}

/** Ends its run within its own transaction. */
export async function completes({ message }: TaskContext): Promise<void> {
  await prisma.$transaction(async (tx) => {
    await tx.subscription.count()
    await message.complete(tx)
    await message.complete(tx, { at: new Date(), total: 3 })
  })
  await base.$transaction((tx) => message.complete(tx, 'result'))
  await baseJs.$transaction((tx) => message.complete(tx))
  await base.$extends({ query: {} }).$transaction((tx) => message.complete(tx))
  // @ts-expect-error the whole client rolls nothing back
  await message.complete(base)
  // @ts-expect-error the whole client rolls nothing back
  await message.complete(baseJs)
  // @ts-expect-error the whole client rolls nothing back
  await message.complete(prisma)
  // @ts-expect-error no transaction
  await message.complete({ credited: 10 })
}

export const prisma = base.$extends(
  sisy(base, {
    callables: () => ({ dailyMaintenance, sendEmail, remind, Billing }),
    methods: {
      subscription: {
        async renew({ task }: TaskContext<{ months: number }>) {
          same<typeof this.id, number>()
          same<typeof this.renewedAt, Date | null>()
          same<Awaited<ReturnType<typeof this.ping>>, 'pong'>()
          // @ts-expect-error no such field
          this.nope
          await prisma.subscription.update({ where: { id: this.id }, data: { months: task.userdata.months } })
          return prisma.subscription.findFirstOrThrow()
        },
        async ping() {
          return 'pong' as const
        },
      },
      compositeRecord: {
        async touch() {
          same<typeof this.number, bigint>()
        },
      },
    },
  }),
)

// Bound methods: called here and now.
const sub = await prisma.subscription.findUniqueOrThrow({ where: { id: 1 } })
const renewed = await sub.renew({ months: 1 })
same<typeof renewed.plan, string>()
await sub.ping()
// @ts-expect-error months must be a number
await sub.renew({ months: 'a' })
// @ts-expect-error months is missing
await sub.renew()
const withNotes = await prisma.note.findFirstOrThrow({ include: { subscription: true } })
await withNotes.subscription.ping()
const selected = await prisma.subscription.findFirstOrThrow({ select: { id: true } })
// @ts-expect-error not selected
selected.renew
const kept = await prisma.subscription.findFirstOrThrow({ select: { renew: true } })
await prisma.task.schedule(kept.renew, { userdata: { months: 1 } })

// Functions, static methods, bound methods and paths, with their userdata.
await prisma.task.schedule(dailyMaintenance)
await prisma.task.schedule(dailyMaintenance, {
  key: 'maintenance',
  schedule: '30 0 * * *',
  timezone: 'Europe/Madrid',
})
await prisma.task.schedule(Billing.invoiceAll, {
  schedule: '0 9-17 * * mon-fri',
  userdata: { anything: [1] },
})
await prisma.task.schedule(Billing.inherited, { userdata: { pages: 1 } })
await prisma.task.schedule('Billing.inherited')
await prisma.task.schedule(remind)
await prisma.task.schedule(sub.renew, { userdata: { months: 1 } })
await prisma.task.schedule('subscription.renew', { record: { id: 1 }, userdata: { months: 1 } })
await prisma.task.schedule('subscription.ping', { record: sub })
await prisma.task.schedule('compositeRecord.touch', { record: { region: 'eu', number: 5n } })
const task = await prisma.task.schedule('sendEmail', { userdata: { to: 'x' } })
same<typeof task.userdata, { to: string }>()
same<typeof task.nextRun, Date | null>()

// @ts-expect-error userdata is missing
await prisma.task.schedule('sendEmail')
// @ts-expect-error userdata is missing
await prisma.task.schedule(sendEmail, { key: 'x' })
// @ts-expect-error userdata of another type
await prisma.task.schedule(sendEmail, { userdata: { to: 1 } })
// @ts-expect-error userdata of another member
await prisma.task.schedule(sendEmail, { userdata: { to: 'x', cc: 'y' } })
// @ts-expect-error no registered function
await prisma.task.schedule(unregistered, { userdata: { nope: '' } })
// @ts-expect-error no such path
await prisma.task.schedule('subscription.nope', { record: { id: 1 } })
// @ts-expect-error this is no method
await prisma.task.schedule('Billing.currency')
// @ts-expect-error a class is no callable
await prisma.task.schedule('Billing')
// @ts-expect-error the record is missing
await prisma.task.schedule('subscription.renew', { userdata: { months: 1 } })
// @ts-expect-error the key is of another type
await prisma.task.schedule('subscription.renew', { record: { id: 'x' }, userdata: { months: 1 } })
// @ts-expect-error no field of the record
await prisma.task.schedule('subscription.ping', { record: { nope: 1 } })
// @ts-expect-error one part of the key is of another type
await prisma.task.schedule('compositeRecord.touch', { record: { region: 'eu', number: 'five' } })
// @ts-expect-error a function takes no record
await prisma.task.schedule(dailyMaintenance, { record: { id: 1 } })
// @ts-expect-error a bound method has its record
await prisma.task.schedule(sub.ping, { record: { id: 1 } })
// @ts-expect-error this is no option
await prisma.task.schedule(dailyMaintenance, { shedule: '* * * * *' })
// @ts-expect-error a delay is an option of one-shots
await prisma.task.schedule(dailyMaintenance, { delayUntil: new Date(0) })
// @ts-expect-error this is no policy
await prisma.task.schedule(dailyMaintenance, { misfire: 'never' })

// One-shots and their results.
const run = await prisma.task.runOnce(sendEmail, {
  userdata: { to: 'x' },
  delayUntil: '2999-01-01T00:00:00Z',
  uniqueKey: 'u',
})
if (run !== null) same<Awaited<ReturnType<typeof resultOf>>, { sent: string }>()
async function resultOf() {
  return prisma.task.result(run!, { signal: AbortSignal.timeout(1) })
}
const bound = await prisma.task.runOnce(sub.ping)
same<typeof bound.state, 'due' | 'scheduled'>()
// @ts-expect-error with a unique key there may be none
run.state
const many = await prisma.task.runOnceMany(sendEmail, [
  { userdata: { to: 'x' } },
  { userdata: { to: 'y' }, priority: 1 },
])
same<(typeof many)[number]['state'], 'due' | 'scheduled'>()
same<Awaited<ReturnType<typeof resultOfMany>>, { sent: string }>()
async function resultOfMany() {
  return prisma.task.result(many[0]!)
}
const keyed = await prisma.task.runOnceMany(sendEmail, [
  { userdata: { to: 'x' } },
  { userdata: { to: 'y' }, uniqueKey: 'y' },
])
same<Extract<(typeof keyed)[number], null>, null>()
// @ts-expect-error where a unique key is held there is none
keyed.map((enqueued) => enqueued.id)
const names: readonly string[] = ['x', 'y']
const mapped = await prisma.task.runOnceMany(
  sendEmail,
  names.map((to) => ({ userdata: { to } })),
)
same<Extract<(typeof mapped)[number], null>, never>()
const mappedKeys = await prisma.task.runOnceMany(
  sendEmail,
  names.map((to) => ({ userdata: { to }, ...(to === 'x' && { uniqueKey: to }) })),
)
same<Extract<(typeof mappedKeys)[number], null>, null>()
await prisma.task.runOnceMany('subscription.ping', [{ record: { id: 1 } }])
// @ts-expect-error one item without its userdata
await prisma.task.runOnceMany(sendEmail, [{ userdata: { to: 'x' } }, {}])
// @ts-expect-error iterations are an option of tasks
await prisma.task.runOnce(dailyMaintenance, { iterations: 2 })
await prisma.task.runIterations(dailyMaintenance, {
  iterations: 10,
  schedule: '0 7-19 * * *',
  runImmediately: true,
})
// @ts-expect-error userdata is missing
await prisma.task.runIterations(sendEmail, { iterations: 10 })

// Runs by id.
await prisma.task.runNow({ key: 'maintenance' })
await prisma.task.runNow({ id: task.id })
const stopped = await prisma.task.cancel('…')
same<typeof stopped, 'cancelled' | 'requested' | 'ended'>()
const several = await prisma.task.cancel({ taskId: task.id, key: 'maintenance', queue: 'mail', label: 'x' })
same<typeof several, { readonly cancelled: number; readonly requested: number }>()
await prisma.task.cancel({ callable: 'Billing.invoiceAll', uniqueKey: 'x' })
await prisma.task.cancel({ callable: 'subscription.renew' })
await prisma.task.cancel({ callable: 'subscription.renew', record: { id: 1 } })
// @ts-expect-error not registered
await prisma.task.cancel({ callable: 'unregistered' })
// @ts-expect-error the record of another model
await prisma.task.cancel({ callable: 'subscription.renew', record: { number: 1n } })
// @ts-expect-error a function has no record
await prisma.task.cancel({ callable: 'sendEmail', record: { id: 1 } })
// @ts-expect-error nothing is undefined here
await prisma.task.cancel({ taskId: undefined })
// @ts-expect-error no such member
await prisma.task.cancel({ state: 'due' })
await prisma.task.retry('…')

// A row's data, for Prisma's own writes; their types are Prisma's own.
await prisma.task.create({ data: prisma.task.withCallable(sub.renew, { userdata: { months: 2 } }) })
await prisma.task.createMany({
  data: [prisma.task.withCallable(dailyMaintenance), prisma.task.withCallable(sub.ping)],
})
await prisma.$transaction([prisma.task.create({ data: prisma.task.withCallable(sub.ping) })])
// @ts-expect-error userdata is missing
prisma.task.withCallable(sub.renew)
const deleted = await prisma.task.delete({ where: { id: task.id }, select: { label: true } })
same<typeof deleted, { label: string }>()
same<Awaited<ReturnType<typeof prisma.task.deleteMany>>, { count: number }>()

// Transactions, and services that take a client.
async function service(tx: SisyTx<typeof prisma>): Promise<void> {
  await tx.task.runOnce(sendEmail, { userdata: { to: 'x' } })
  const row = await tx.subscription.findFirstOrThrow()
  await tx.task.schedule(row.ping)
  // @ts-expect-error userdata is missing
  await tx.task.runOnce(sendEmail)
}
async function root(client: SisyClient<typeof prisma>): Promise<void> {
  await client.task.schedule(dailyMaintenance)
  await client.$transaction(async (tx) => {
    await service(tx)
  })
  await service(client)
}
await service(prisma)
await root(prisma)
await prisma.$transaction(async (tx) => {
  await service(tx)
})
// @ts-expect-error a client without the plugin
await service(base)
// @ts-expect-error a client without the plugin
await root(base)

// Clients extended further.
const further = prisma
  .$extends({ model: { $allModels: { hello: () => 1 } } })
  .$extends({ query: { $allModels: { findMany: ({ args, query }) => query(args) } } })
await further.task.schedule(dailyMaintenance)
await (await further.subscription.findFirstOrThrow()).renew({ months: 1 })
await service(further)
await root(further)
