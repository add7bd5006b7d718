import type { Database } from '../stage/open-database.js'
import type { Change, Note } from './audit.js'

/** All changes of runs, in their order. */
export function readChanges({ query }: Database): Promise<Change[]> {
  return query<Change>(`
    SELECT seq::float8, chaos_ms(at) AS at, transaction::text, program, run, operation, old, new
    FROM chaos_audit ORDER BY chaos_audit.seq`)
}

/** All that callables wrote down, in its order. */
export function readNotes({ query }: Database): Promise<Note[]> {
  return query<Note>(
    `SELECT chaos_ms(at) AS at, chaos_ms(coalesce(sent, at)) AS "sentAt", program, run, attempt, call, pid, kind FROM chaos_ledger ORDER BY chaos_ledger.at`,
  )
}
