import type { Channels } from '../channels.js'
import type { Databases } from '../database.js'
import type { Store } from '../store.js'
import { cancelRun } from './cancel-run.js'
import { cancelRuns } from './cancel-runs.js'
import { claimRuns } from './claim-runs.js'
import { completeRun } from './complete-run.js'
import { deleteTasks } from './delete-tasks.js'
import { enqueueRuns } from './enqueue-runs.js'
import { finishRuns } from './finish-runs.js'
import { listUnknownCallables } from './list-unknown-callables.js'
import { lookAhead } from './look-ahead.js'
import { planTasks } from './plan-tasks.js'
import { promoteRuns } from './promote-runs.js'
import { pruneRuns } from './prune-runs.js'
import { readClock } from './read-clock.js'
import { readConnectionLimit } from './read-connection-limit.js'
import { readDueTasks } from './read-due-tasks.js'
import { readLostRuns } from './read-lost-runs.js'
import { readRun } from './read-run.js'
import { readUnplannedTasks } from './read-unplanned-tasks.js'
import { reapTasks } from './reap-tasks.js'
import { releaseClaim } from './release-claim.js'
import { renewLeases } from './renew-leases.js'
import { retryRun } from './retry-run.js'
import { runTask } from './run-task.js'
import { saveUserdata } from './save-userdata.js'
import { stampTasks } from './stamp-tasks.js'
import { startRuns } from './start-runs.js'
import { endStrangeRuns } from './strange-runs.js'
import { tables } from './tables.js'
import { unplanDisabledTasks } from './unplan-disabled-tasks.js'
import { listLiveWorkers, pruneWorkers, registerWorker, stopWorker, touchWorker } from './workers.js'
import { writeTask } from './write-task.js'

/** The store on PostgreSQL 12 or newer. */
export function postgresqlStore(
  { claiming, others: db }: Databases,
  channels: Channels,
  schema?: string,
): Store {
  const at = tables(schema)
  return {
    now: () => readClock(db),
    connectionLimit: () => readConnectionLimit(db),

    writeTask: (task) => writeTask(db, at, channels, task),
    deleteTasks: (ids) => deleteTasks(db, at, ids),
    enqueueRuns: (runs) => enqueueRuns(db, at, channels, runs),
    runTask: (where, runId) => runTask(db, at, channels, where, runId),
    cancelRun: (id) => cancelRun(db, at, channels, id),
    cancelRuns: (where, limit) => cancelRuns(db, at, channels, where, limit),
    retryRun: (id) => retryRun(db, at, channels, id),
    readRun: (id) => readRun(db, at, id),

    lookAhead: () => lookAhead(claiming, at),
    readDueTasks: (now, which) => readDueTasks(db, at, now, which),
    stampTasks: (now, stamps) => stampTasks(db, at, channels, now, stamps),
    readUnplannedTasks: (which) => readUnplannedTasks(db, at, which),
    planTasks: (plans) => planTasks(db, at, plans),
    unplanDisabledTasks: () => unplanDisabledTasks(db, at),
    promoteRuns: (now, limit) => promoteRuns(db, at, channels, now, limit),
    readLostRuns: (now, limit) => readLostRuns(db, at, now, limit),
    endStrangeRuns: (now, limit) => endStrangeRuns(db, at, now, limit),
    reapTasks: (limit) => reapTasks(db, at, limit),
    pruneRuns: (before, limit) => pruneRuns(db, at, before, limit),
    pruneWorkers: (before) => pruneWorkers(db, at, before),

    claimRuns: (now, request) => claimRuns(claiming, at, now, request),
    releaseClaim: (leaseToken) => releaseClaim(db, at, channels, leaseToken),
    startRuns: (starts) => startRuns(db, at, starts),
    renewLeases: (now, leaseMs, leases) => renewLeases(db, at, now, leaseMs, leases),
    finishRuns: (now, finishes) => finishRuns(db, at, channels, now, finishes),
    completeRun: (lease, result) => completeRun(db, at, lease, result),
    saveUserdata: (lease, userdata) => saveUserdata(db, at, lease, userdata),
    listUnknownCallables: (queues, known) => listUnknownCallables(db, at, queues, known),
    listLiveWorkers: (since) => listLiveWorkers(db, at, since),
    registerWorker: (now, worker) => registerWorker(db, at, now, worker),
    touchWorker: (now, id, metrics) => touchWorker(db, at, now, id, metrics),
    stopWorker: (now, id, metrics) => stopWorker(db, at, now, id, metrics),
  }
}
