import type { Database } from '../database.js'
import type { ScheduleWithSeconds } from '../inspector.js'
import type { Tables } from './tables.js'

/** Schedules of six fields that tasks have. Reads every task: for doctor only. */
export async function countSchedulesWithSeconds(
  db: Database,
  tables: Tables,
): Promise<ScheduleWithSeconds[]> {
  return db.query<ScheduleWithSeconds>(
    `SELECT schedule, count(*)::int AS tasks FROM ${tables.task}
     WHERE "endedAt" IS NULL AND problem IS NULL AND schedule ~ '^\\s*(\\S+\\s+){5}\\S+\\s*$'
     GROUP BY schedule ORDER BY schedule`,
    [],
  )
}
