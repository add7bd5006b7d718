import { prisma } from '../../src/db.js'
import type { Prisma, Task, TaskRun } from '../../src/generated/prisma/client.js'

const WITH_LAST_CHECK = { checks: { orderBy: { at: 'desc' }, take: 1 } } satisfies Prisma.SiteInclude

/** A site with its newest check, if it has one. */
export type CheckedSite = Prisma.SiteGetPayload<{ include: typeof WITH_LAST_CHECK }>

/** What the view shows: the tables at one moment. */
export interface Snapshot {
  /** The database's clock, by which everything here happens. */
  readonly now: Date
  readonly tasks: readonly Task[]
  readonly sites: readonly CheckedSite[]
  /** Runs that are due, running or waiting, soonest first. */
  readonly unfinished: readonly TaskRun[]
  /** Newest runs that have ended, newest first. */
  readonly ended: readonly TaskRun[]
  /** How many runs are in a state; of ended ones, those of this session. */
  readonly counts: Readonly<Record<string, number>>
}

const MOST_RUNS = 50

/** Reads the tables. `since` leaves out runs that ended before it. */
export async function readSnapshot(since: Date): Promise<Snapshot> {
  const sinceThen = { finishedAt: { gte: since } }
  const [now, tasks, sites, unfinished, ended, states] = await Promise.all([
    readClock(),
    prisma.task.findMany({ orderBy: { label: 'asc' } }),
    prisma.site.findMany({ include: WITH_LAST_CHECK }),
    prisma.taskRun.findMany({ where: { finishedAt: null }, orderBy: { dueAt: 'asc' }, take: MOST_RUNS }),
    prisma.taskRun.findMany({ where: sinceThen, orderBy: { finishedAt: 'desc' }, take: MOST_RUNS }),
    prisma.taskRun.groupBy({ by: ['state'], where: { OR: [{ finishedAt: null }, sinceThen] }, _count: true }),
  ])
  const counts = Object.fromEntries(states.map(({ state, _count }) => [state, _count]))
  return { now, tasks, sites, unfinished, ended, counts }
}

/** The database's clock. */
export async function readClock(): Promise<Date> {
  const rows = await prisma.$queryRaw<{ now: Date }[]>`SELECT now() AS now`
  return rows[0]?.now ?? new Date()
}
