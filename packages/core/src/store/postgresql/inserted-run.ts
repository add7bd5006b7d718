import { runColumnNames, type RunCells } from './run-cells.js'

/** What stands in a statement for what is given of a run; nothing for columns that stay null. */
export type GivenRun = Readonly<Partial<Record<keyof RunCells, string>>>

/** The columns of a run that is enqueued, and what goes into them. */
interface InsertedRun {
  readonly columns: string
  readonly values: string
}

/**
 * The fewer columns a statement names, the less of it there is to plan, which is most of the work for a single run.
 *
 * @param now what stands for the database's clock.
 */
export function insertedRun(given: GivenRun, now: string): InsertedRun {
  const { dueAt, uniqueKey } = given
  const inserted: [column: string, value: string][] = [
    ['state', dueAt === undefined ? `'due'` : `CASE WHEN ${dueAt} > ${now} THEN 'scheduled' ELSE 'due' END`],
    ['dueAt', dueAt === undefined ? now : `coalesce(${dueAt}, ${now})`],
  ]
  for (const name of runColumnNames) {
    const value = given[name]
    if (name !== 'dueAt' && value !== undefined) inserted.push([name, value])
  }
  if (uniqueKey !== undefined) inserted.push(['activeKey', `'u:' || ${uniqueKey}`])
  return {
    columns: inserted.map(([column]) => `"${column}"`).join(', '),
    values: inserted.map(([, value]) => value).join(', '),
  }
}

/** Ends the insertion of runs with keys. */
export const skipHeldKeys = 'ON CONFLICT ("activeKey") DO NOTHING'
