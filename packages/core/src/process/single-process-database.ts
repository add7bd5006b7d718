import { hostname } from 'node:os'
import { systemClock } from '../clock/clock.js'
import { DatabaseError } from '../errors/errors.js'
import type { SisyRuntime } from '../extension/sisy-runtime.js'
import { openEngineDatabases } from '../store/engine-databases.js'
import type { Inspector } from '../store/inspector.js'
import { inspectorOn } from '../store/open-inspector.js'
import { storeOn } from '../store/open-store.js'
import type { Store, WorkerRow } from '../store/store.js'
import { describeDatabaseError } from './describe-database-error.js'

/** A worker that died is taken to live for this long after it was last seen, milliseconds. */
const longestSilenceMs = 60_000

/** How long the database may take to answer each question, milliseconds. */
const deadlineMs = 10_000

/** What a process is, among those that may share a database. */
export type ProcessPart =
  /** Stamps and runs: the one process that PGlite can serve. */
  'heartbeat and worker' | 'heartbeat' | 'worker'

/**
 * Refuses a second process on PGlite, where several give wrong results: open transactions block everyone, locked rows
 * are not skipped and wake-ups are lost.
 *
 * @param attempt does the check, as often as it likes: a connection that comes late serves the next time.
 * @throws DatabaseError on PGlite for a heartbeat of its own, or beside a worker that lives; also when the database
 *   cannot be reached.
 */
export async function refuseSecondProcess(
  runtime: SisyRuntime,
  part: ProcessPart,
  attempt: (check: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const { base: client, provider, schema } = runtime
  const databases = openEngineDatabases({
    client,
    name: part === 'heartbeat' ? 'sisy-heartbeat' : 'sisy-worker',
    connections: { claiming: 0, others: 1 },
    deadlineMs,
    clock: systemClock,
    random: Math.random,
  })
  const inspector = inspectorOn(databases.others, { schema })
  const store = storeOn(databases, { provider, schema, channels: runtime.channels() })
  try {
    await attempt(() => refuseOnPglite(inspector, store, part))
  } catch (thrown) {
    throw describeDatabaseError(thrown) ?? thrown
  } finally {
    await databases.close()
  }
}

async function refuseOnPglite(
  inspector: Pick<Inspector, 'readServerVersion'>,
  store: Pick<Store, 'now' | 'listLiveWorkers'>,
  part: ProcessPart,
): Promise<void> {
  const { isPglite } = await inspector.readServerVersion()
  if (!isPglite) return
  if (part === 'heartbeat') throw refusal('a heartbeat of its own needs a second one')
  const since = new Date((await store.now()).getTime() - longestSilenceMs)
  const other = (await store.listLiveWorkers(since)).find(isAlive)
  if (other !== undefined)
    throw refusal(`worker ${other.id} (pid ${other.pid} on ${other.host}) already runs`)
}

function refusal(why: string): DatabaseError {
  return new DatabaseError(
    `This database is PGlite, which serves one process, and ${why}. Run a single \`npx sisy-worker --heartbeat\`, or use a PostgreSQL server.`,
    { database: 'PGlite' },
  )
}

/** Of a worker on this machine its process tells; of another the row must do. */
function isAlive({ host, pid }: WorkerRow): boolean {
  if (host !== hostname()) return true
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
