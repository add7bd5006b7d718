import { PrismaPg } from '@prisma/adapter-pg'
import { sisy, type TaskContext, type TaskOptions } from '@sisy/core'
import { createHeartbeat } from '@sisy/heartbeat'
import { createScratchDatabase, recordedLog, settableClock } from '@sisy/test-kit'
import { PrismaClient } from '@sisy/test-kit/prisma-client'
import { createWorker } from '@sisy/worker'

/**
 * An app, a heartbeat and a worker under one clock that stands still until it is moved, on a database of their own. The
 * app's own calls keep the database's time, so what they plan must lie ahead of that.
 */
export async function openLife(start: string) {
  const database = await createScratchDatabase()
  const base = new PrismaClient({ adapter: new PrismaPg({ connectionString: database.url }) })
  const ran: string[] = []
  const work = ({ message, task }: TaskContext<{ failures?: number }>): void => {
    ran.push(message.dueAt.toISOString())
    if (message.attempt <= (task.userdata.failures ?? 0)) throw new Error('as it was told to')
  }
  const prisma = base.$extends(sisy(base, { callables: () => ({ work }) }))
  const clock = settableClock(start)
  const log = recordedLog()
  const settings = { prisma, clock, logger: log.logger }
  const worker = createWorker(settings)
  let heartbeat = createHeartbeat(settings)
  const heartbeats = [heartbeat]

  async function turn(): Promise<void> {
    await heartbeat.tick()
    await worker.drain()
  }

  async function nextWork(): Promise<Date> {
    const task = await base.task.findFirst({ where: { nextRun: { not: null } }, orderBy: { nextRun: 'asc' } })
    const run = await base.taskRun.findFirst({ where: { state: 'scheduled' }, orderBy: { dueAt: 'asc' } })
    return new Date(Math.min(task?.nextRun?.getTime() ?? Infinity, run?.dueAt.getTime() ?? Infinity))
  }

  return {
    base,
    prisma,
    clock,
    log,
    worker,
    /** The due instants of all attempts so far, in the order in which they ran. */
    ran,
    /** Writes a task that the heartbeat is to plan. */
    create: (options: TaskOptions & { userdata?: { failures: number } }) =>
      prisma.task.create({ data: { ...prisma.task.withCallable(work, options), modifiedAt: clock.now() } }),
    tick: () => heartbeat.tick(),
    /** Another process takes the heartbeat's place. */
    restartHeartbeat: (frequency = 60) => {
      heartbeat = createHeartbeat({ ...settings, heartbeat: { frequency } })
      heartbeats.push(heartbeat)
    },
    /** Heartbeat and worker do all that is due, each at its time, until this instant, and that included. */
    async live(until: string): Promise<void> {
      const end = new Date(until)
      await turn()
      for (let next = await nextWork(); next <= end; next = await nextWork()) {
        if (next > clock.now()) clock.set(next)
        await turn()
      }
      clock.set(end)
      await turn()
    },
    task: (id: string) => base.task.findUnique({ where: { id } }),
    async [Symbol.asyncDispose]() {
      await Promise.all(heartbeats.map((one) => one.stop()))
      await worker.stopNow()
      await base.$disconnect()
      await database.drop()
    },
  }
}

/** Instants of the day most of these tests are about, as `10:00` or `10:00:30`. */
export function at(...times: string[]): string[] {
  return times.map((time) => new Date(`${day}T${time}Z`).toISOString())
}

export const day = '2031-05-05'
