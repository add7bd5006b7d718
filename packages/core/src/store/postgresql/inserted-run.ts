import { runColumnNames, type RunCells } from './run-cells.js'

const namesAsGiven = runColumnNames.filter((name) => name !== 'dueAt')

/** The columns of a run that is enqueued. */
export const insertedColumns = [
  ...namesAsGiven.map((name) => `"${name}"`),
  'state',
  '"dueAt"',
  '"activeKey"',
].join(', ')

/**
 * What goes into them.
 *
 * @param given what stands for what is given.
 * @param now what stands for the database's clock.
 */
export function insertedValues(given: Readonly<Record<keyof RunCells, string>>, now: string): string {
  return [
    ...namesAsGiven.map((name) => given[name]),
    `CASE WHEN ${given.dueAt} > ${now} THEN 'scheduled' ELSE 'due' END`,
    `coalesce(${given.dueAt}, ${now})`,
    `'u:' || ${given.uniqueKey}`,
  ].join(', ')
}

/** Ends the insertion of runs with keys. */
export const skipHeldKeys = 'ON CONFLICT ("activeKey") DO NOTHING'
