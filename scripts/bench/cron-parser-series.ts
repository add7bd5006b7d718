import { CronExpressionParser } from 'cron-parser'

/** The instants of a schedule as cron-parser itself reads it in a zone, one per call. */
export function createInstantSeries(schedule: string, timezone: string, after: Date): () => Date {
  const expression = CronExpressionParser.parse(schedule, { tz: timezone, currentDate: after })
  return () => expression.next().toDate()
}
