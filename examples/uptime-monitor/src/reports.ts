import type { TaskContext } from '@sisy/core'
import { prisma } from './db.js'

const DAY_MS = 24 * 60 * 60 * 1000

/** The figures of a day. */
export interface DailyFigures {
  readonly checks: number
  readonly failed: number
  readonly averageLatencyMs: number
}

/** Static methods are tasks as well: `Reports.daily`. */
export class Reports {
  /** Sums up the 24 hours before it was due. Run again for the same day, it replaces the report. */
  static async daily({ message }: TaskContext): Promise<DailyFigures> {
    const since = new Date(message.dueAt.getTime() - DAY_MS)
    const { _count, _avg } = await prisma.check.aggregate({
      where: { at: { gte: since, lt: message.dueAt } },
      _count: { _all: true, error: true },
      _avg: { latencyMs: true },
    })
    const figures = {
      checks: _count._all,
      failed: _count.error,
      averageLatencyMs: Math.round(_avg.latencyMs ?? 0),
    }
    const day = new Date(message.dueAt.toISOString().slice(0, 10))
    await prisma.report.upsert({ where: { day }, create: { day, ...figures }, update: figures })
    return figures
  }
}
