import { PrismaPg } from '@prisma/adapter-pg'
import { sisy, type TaskContext } from '@sisy/core'
import { systemClock } from '@sisy/core/internal'
import { createScratchDatabase, recordedLog, settableClock } from '@sisy/test-kit'
import { PrismaClient } from '@sisy/test-kit/prisma-client'
import { createWorker, type Worker, type WorkerOptions } from '@sisy/worker'

// The registry takes functions of any context; each test types its own.
type Callables = Record<string, (context: TaskContext<never>) => unknown>

/**
 * An app with these callables, on a database of its own. What its workers leave open fails the test: the database is
 * not dropped while sessions use it.
 */
export async function openTestApp<Given extends Callables>(callables: Given) {
  const database = await createScratchDatabase()
  const base = new PrismaClient({ adapter: new PrismaPg({ connectionString: database.url, max: 10 }) })
  const prisma = base.$extends(
    sisy(base, {
      callables: () => callables,
      methods: {
        subscription: {
          async renew() {
            await base.subscription.update({ where: { id: this.id }, data: { months: { increment: 1 } } })
            return { plan: this.plan }
          },
        },
      },
    }),
  )
  const workers: Worker[] = []
  const log = recordedLog()
  // Stands still at the database's time, which is that of this machine.
  const clock = settableClock(systemClock.now())
  return {
    url: database.url,
    base,
    prisma,
    log,
    clock,
    /** A worker that is stopped with the app. Its time stands still unless it is given another clock. */
    worker: (options: Partial<WorkerOptions> = {}): Worker => {
      const worker = createWorker({
        prisma,
        logger: log.logger,
        clock,
        ...options,
        worker: { inline: true, ...options.worker },
      })
      workers.push(worker)
      return worker
    },
    run: (id: string) => base.taskRun.findUniqueOrThrow({ where: { id } }),
    task: (id: string) => base.task.findUniqueOrThrow({ where: { id } }),
    async [Symbol.asyncDispose]() {
      await Promise.all(workers.map((worker) => worker.stopNow()))
      await base.$disconnect()
      await database.drop()
    },
  }
}

/** Resolves when a condition holds that only the database knows; each look is a question to it. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition()));
}

/** A promise and what resolves it. */
export interface Gate {
  readonly opened: Promise<void>
  open(): void
}

export function gate(): Gate {
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open }
}

/** Resolves when a signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

/** A callable that tells when it runs and when its signal is aborted, and goes on until it is let go. */
export function held() {
  const started = gate()
  const letGo = gate()
  const seen: { reason?: unknown } = {}
  const callable = async ({ signal }: TaskContext) => {
    void aborted(signal).then(() => {
      seen.reason = signal.reason
    })
    started.open()
    await letGo.opened
    return 'kept'
  }
  return { callable, started, letGo, seen }
}
