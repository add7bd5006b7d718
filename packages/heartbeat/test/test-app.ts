import { PrismaPg } from '@prisma/adapter-pg'
import { sisy, type JsonObject, type TaskContext } from '@sisy/core'
import { createHeartbeat, type Heartbeat, type HeartbeatOptions } from '@sisy/heartbeat'
import { createScratchDatabase, recordedLog, settableClock } from '@sisy/test-kit'
import { PrismaClient, type Prisma } from '@sisy/test-kit/prisma-client'

/**
 * An app whose clock stands still at an instant, on a database of its own. What its heartbeats leave open fails the
 * test: the database is not dropped while sessions use it.
 */
export async function openTestApp(now: Date | string = '2030-01-01T00:00:00Z') {
  const database = await createScratchDatabase()
  const base = new PrismaClient({ adapter: new PrismaPg({ connectionString: database.url }) })
  const work = ({ task }: TaskContext): JsonObject => task.userdata
  const prisma = base.$extends(sisy(base, { callables: () => ({ work }) }))
  const heartbeats: Heartbeat[] = []
  const log = recordedLog()
  const clock = settableClock(now)
  return {
    url: database.url,
    base,
    prisma,
    log,
    clock,
    /** A heartbeat that is stopped with the app. */
    heartbeat: (options: Partial<HeartbeatOptions> = {}): Heartbeat => {
      const heartbeat = createHeartbeat({ prisma, logger: log.logger, clock, ...options })
      heartbeats.push(heartbeat)
      return heartbeat
    },
    /** Writes a task as plain SQL would: nothing checks or plans it. */
    insert: (data: Partial<Prisma.TaskCreateInput> = {}) =>
      base.task.create({ data: { label: 'work', callable: 'work', modifiedAt: clock.now(), ...data } }),
    task: (id: string) => base.task.findUniqueOrThrow({ where: { id } }),
    /** The instants of all runs, in the order they were stamped. */
    stamped: async () => {
      const runs = await base.taskRun.findMany({ orderBy: [{ dueAt: 'asc' }, { id: 'asc' }] })
      return runs.map(({ dueAt }) => dueAt.toISOString())
    },
    /** Ends every unfinished run, as workers would. */
    endRuns: () =>
      base.taskRun.updateMany({
        where: { finishedAt: null },
        data: { state: 'succeeded', activeKey: null, finishedAt: clock.now() },
      }),
    async [Symbol.asyncDispose]() {
      await Promise.all(heartbeats.map((heartbeat) => heartbeat.stop()))
      await base.$disconnect()
      await database.drop()
    },
  }
}
