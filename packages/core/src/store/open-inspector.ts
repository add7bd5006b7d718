import { databaseOf } from './client-database.js'
import type { RawClient } from './database.js'
import type { Inspector } from './inspector.js'
import { countSchedulesWithSeconds } from './postgresql/count-schedules-with-seconds.js'
import { countUnknownCallables } from './postgresql/count-unknown-callables.js'
import { findNeglected } from './postgresql/find-neglected.js'
import { inspectTables, readServerVersion } from './postgresql/inspect-database.js'
import { listProblems } from './postgresql/list-problems.js'
import { tables } from './postgresql/tables.js'

/** Which database to ask. */
export interface OpenInspectorOptions {
  /** The base client. */
  readonly client: RawClient
  /** The adapter's `schema` option, if any. */
  readonly schema?: string | undefined
}

/** The inspector of a client's database. Cheap: it opens nothing. */
export function openInspector({ client, schema }: OpenInspectorOptions): Inspector {
  const db = databaseOf(client)
  const names = tables(schema)
  return {
    readServerVersion: () => readServerVersion(db),
    inspectTables: () => inspectTables(db, names),
    countUnknownCallables: (known) => countUnknownCallables(db, names, known),
    findNeglected: (within) => findNeglected(db, names, within),
    listProblems: (limit) => listProblems(db, names, limit),
    countSchedulesWithSeconds: () => countSchedulesWithSeconds(db, names),
  }
}
