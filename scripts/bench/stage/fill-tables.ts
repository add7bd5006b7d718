import pg from 'pg'
import { manyTasks } from '../planned-tasks.js'

/** What our tables hold when something is measured on them; written by plain SQL. */
export interface TableFiller {
  /** Runs that are due in the days to come. */
  addFutureRuns(count: number): Promise<void>
  /** Runs that ended so long ago, in days, half of an hour apart at most. */
  addEndedRuns(count: number, daysAgo: number): Promise<void>
  /** Tasks of 200 schedules in 20 zones, none of which is due for a week. */
  addTasks(count: number): Promise<void>
  /** Makes the tasks of one tenth due since a second. @returns how many. */
  makeTenthDue(): Promise<number>
  /** Puts an instant so many milliseconds from now as the next of so many tasks. @returns it, by the database's clock. */
  makeDueIn(ms: number, count: number): Promise<string>
  /** Takes out what has ended. */
  removeEndedRuns(): Promise<void>
  /** Puts tasks off for a week, and removes all runs. */
  calmDown(): Promise<void>
  readonly client: pg.Client
  [Symbol.asyncDispose](): Promise<void>
}

const id = (at: string): string =>
  `(lpad(to_hex((extract(epoch FROM ${at}) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(n >> 20), 3, '0') || '8000' || lpad(to_hex(n), 12, '0'))::uuid`
const series = 'FROM generate_series(1, $1::integer) AS n'
const week = `interval '7 days'`

/** @param url connection string of a database with our tables. */
export async function openTableFiller(url: string): Promise<TableFiller> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const run = async (sql: string, values: readonly unknown[] = []): Promise<number> =>
    (await client.query(sql, [...values])).rowCount ?? 0
  return {
    client,
    addFutureRuns: async (count) => {
      await run(
        `INSERT INTO sisy_task_run (id, label, callable, state, "dueAt")
         SELECT ${id('now()')}, 'noOp', 'noOp', 'scheduled', now() + ${week} + n * interval '1 second' ${series}`,
        [count],
      )
    },
    addEndedRuns: async (count, daysAgo) => {
      const endedAt = `(now() - $2 * interval '1 day' + (n / $1::float8) * interval '30 minutes')`
      await run(
        `INSERT INTO sisy_task_run (id, label, callable, state, attempt, "dueAt", "startedAt", "finishedAt")
         SELECT ${id(endedAt)}, 'noOp', 'noOp', 'succeeded', 1, ${endedAt}, ${endedAt}, ${endedAt} ${series}`,
        [count, daysAgo],
      )
    },
    addTasks: async (count) => {
      const { tasks } = manyTasks({ count: 4_000, schedules: 200, zones: 20, zonesPerSchedule: 20 })
      await run(
        `INSERT INTO sisy_task (label, callable, schedule, timezone, "nextRun")
         SELECT (n % 10)::text, 'noOp', ($2::text[])[1 + n % ${tasks.length}], ($3::text[])[1 + n % ${tasks.length}],
           date_trunc('minute', now() + ${week}) + (n % 10000) * interval '1 minute' ${series}`,
        [count, tasks.map(({ schedule }) => schedule), tasks.map(({ timezone }) => timezone)],
      )
    },
    makeTenthDue: () => run(`UPDATE sisy_task SET "nextRun" = now() - interval '1 second' WHERE label = '0'`),
    makeDueIn: async (ms, count) => {
      const { rows } = await client.query<{ at: string }>(
        `WITH chosen AS (SELECT id, date_trunc('milliseconds', now()) + $1 * interval '1 millisecond' AS at FROM sisy_task LIMIT $2),
         changed AS (UPDATE sisy_task AS t SET "nextRun" = chosen.at FROM chosen WHERE t.id = chosen.id)
         SELECT to_json(at)#>>'{}' AS at FROM chosen LIMIT 1`,
        [ms, count],
      )
      return rows[0]?.at ?? ''
    },
    removeEndedRuns: async () => {
      await run(`DELETE FROM sisy_task_run WHERE state IN ('succeeded', 'failed', 'cancelled')`)
    },
    calmDown: async () => {
      await run('TRUNCATE sisy_task_run')
      await run(
        `UPDATE sisy_task SET "nextRun" = greatest("nextRun", now() + ${week}), "lastRun" = NULL
         WHERE "nextRun" < now() + ${week} OR "lastRun" IS NOT NULL`,
      )
    },
    [Symbol.asyncDispose]: () => client.end(),
  }
}
