import { PrismaPg } from '@prisma/adapter-pg'
import { sisy, type JsonObject, type TaskContext } from '@sisy/core'
import { createScratchDatabase } from '@sisy/test-kit'
import { PrismaClient } from '@sisy/test-kit/prisma-client'

/** A client of an imaginary app, with callables of every kind, on a database of its own. */
export type TestApp = Awaited<ReturnType<typeof openTestApp>>

export function dailyMaintenance(): string {
  return 'done'
}
export function sendEmail({ task }: TaskContext<{ to: string }>): string {
  return task.userdata.to
}
class Report {
  static total({ task }: TaskContext<{ year?: number }>): number {
    return task.userdata.year ?? 0
  }
}
export class Billing extends Report {
  static readonly currency = 'EUR'
  static invoiceAll(_context: TaskContext): string {
    return this.currency
  }
}

/** What the bound method `renew` saw in its last call. */
export interface RenewCall {
  readonly record: object
  readonly context: TaskContext<{ months: number; note?: string }>
}

export async function openTestApp() {
  const database = await createScratchDatabase()
  const base = new PrismaClient({ adapter: new PrismaPg({ connectionString: database.url }) })
  const calls: RenewCall[] = []
  const prisma = base.$extends(
    sisy(base, {
      callables: () => ({ dailyMaintenance, sendEmail, Billing }),
      methods: {
        subscription: {
          async renew(context: TaskContext<{ months: number; note?: string }>) {
            calls.push({ record: this, context })
            return this.months + context.task.userdata.months
          },
          async ping() {
            return `pong from ${this.id}`
          },
        },
        compositeRecord: {
          touch() {
            return this.number
          },
        },
      },
    }),
  )
  return {
    base,
    prisma,
    calls,
    url: database.url,
    tasks: () => base.task.findMany({ orderBy: { createdAt: 'asc' } }),
    runs: () => base.taskRun.findMany({ orderBy: { id: 'asc' } }),
    /** Ends a run as a worker would, for tests that need no worker. */
    endRun: (
      id: string,
      state: 'succeeded' | 'failed' | 'cancelled',
      columns: { result?: JsonObject; attempts?: JsonObject[] } = {},
    ) =>
      base.taskRun.update({
        where: { id },
        data: { state, finishedAt: new Date(), activeKey: null, attempt: 1, ...columns },
      }),
    clear: () =>
      base.$executeRawUnsafe(
        'TRUNCATE sisy_task, sisy_task_run, "Subscription", "Note", composite_record RESTART IDENTITY',
      ),
    close: async () => {
      await base.$disconnect()
      await database.drop()
    },
  }
}
