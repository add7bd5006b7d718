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
export const version = `ctid || ' ' || xmin AS version`

/** Names tasks and their version to `lockedAsRead`. */
export const readColumns = {
  id: ['uuid', ({ read }) => read.id],
  place: ['tid', ({ read }) => read.version.slice(0, read.version.indexOf(' '))],
  writer: ['xid', ({ read }) => read.version.slice(read.version.indexOf(' ') + 1)],
} satisfies Record<string, BoundColumn<{ readonly read: TimedTask }>>

/**
 * In FROM, beside `given` with the `readColumns`: the task `t` that still is as it was read. Locks it, unless another
 * transaction holds it; found where it lies.
 */
export function lockedAsRead(tables: Tables, columns: string): string {
  return `LATERAL (
    SELECT ${columns} FROM ${tables.task} AS t
    WHERE t.ctid = given.place AND t.id = given.id AND t.xmin = given.writer
    FOR NO KEY UPDATE SKIP LOCKED
  ) AS t`
}

/** In the order in which every statement locks tasks. */
export function byId(a: { readonly read: TimedTask }, b: { readonly read: TimedTask }): number {
  return a.read.id < b.read.id ? -1 : 1
}
