import type { TimedTask } from '../store.js'
import type { BoundColumn } from './bound-rows.js'
import type { Tables } from './tables.js'

/**
 * The version of a row: where it lies, and the transaction that wrote it. The latter alone proves it unchanged: any later
 * write, of whichever column, is one of a later transaction, for who can read a version sees the last of its transaction,
 * which has ended. Locks, the checks of foreign keys among them, and VACUUM leave it; before a number is used again there
 * are four thousand million transactions. Where it lies spares the way through an index; a table that is written anew
 * gives all rows another version.
 */
export const version = `ctid || ' ' || xmin`

/** Names tasks and their version to `lockedAsRead`. */
export const readColumns = {
  id: ['uuid', ({ read }) => read.id],
  place: ['tid', ({ read }) => read.version.slice(0, read.version.indexOf(' '))],
  writer: ['xid', ({ read }) => read.version.slice(read.version.indexOf(' ') + 1)],
} satisfies Record<string, BoundColumn<{ readonly read: TimedTask }>>

/**
 * A query of the tasks that still are as they were read: their columns, where they lie (`at`) and their id (`task`). Locks
 * them, unless another transaction holds them; found where they lie, all places in one pass. What was changed since is
 * locked in vain, and told by its writer. By a query for the places the planner does not count them: for many it would
 * read the whole table. What joins the result to the table must do so by `given`, of which the planner knows how many
 * rows there are.
 *
 * @param before a query of one row that is evaluated first.
 * @param places what stands for the places, an array.
 */
export function lockedAsRead(
  tables: Tables,
  { before, given, places, columns }: Record<'before' | 'given' | 'places' | 'columns', string>,
): string {
  return `SELECT t.* FROM (
      SELECT read.ctid AS at, read.xmin AS wrote, id AS task, ${columns} FROM ${before}, ${tables.task} AS read
      WHERE read.ctid = ANY(ARRAY(SELECT unnest(${places}))) FOR NO KEY UPDATE OF read SKIP LOCKED
    ) AS t JOIN ${given} ON given.id = t.task AND given.writer = t.wrote`
}
