/**
 * The subprocess pool by itself, without a database: CPU-bound or untrusted work in monitored child processes.
 */
export { createPool, type Pool } from './create-pool.js'
export type { RunContext } from './entry/load-module.js'
export * from './pool-errors.js'
export type { ChildInfo, EndedChild, PoolEvents } from './pool-events.js'
export type { PoolOptions } from './pool-options.js'
export type { ChildEndCause, EndedRun, PoolOutcome, RunReport } from './pool-outcome.js'
export type { PoolRun, RunOptions } from './pool-run.js'
