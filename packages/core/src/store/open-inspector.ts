import { databaseOf } from './client-database.js'
import type { Database, RawClient } from './database.js'
import type { Inspector } from './inspector.js'
import { countSchedulesWithSeconds } from './postgresql/count-schedules-with-seconds.js'
import { countUnknownCallables } from './postgresql/count-unknown-callables.js'
import { findNeglected } from './postgresql/find-neglected.js'
import { inspectTables, readServerVersion } from './postgresql/inspect-database.js'
import { listProblems } from './postgresql/list-problems.js'
import { tables } from './postgresql/tables.js'

/** Where Sisy's tables stand. */
export interface InspectorOptions {
  /** The adapter's `schema` option, if any. */
  readonly schema?: string | undefined
}

export interface OpenInspectorOptions extends InspectorOptions {
  /** The base client. */
  readonly client: RawClient
}

/** The inspector of a client's database. Cheap: it opens nothing. */
export function openInspector({ client, ...options }: OpenInspectorOptions): Inspector {
  return inspectorOn(databaseOf(client), options)
}

/** The inspector whose statements go this way to the database. */
export function inspectorOn(db: Database, { schema }: InspectorOptions): Inspector {
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
