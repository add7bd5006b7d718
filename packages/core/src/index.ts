export { sisy, type SisyExtension } from './extension/sisy.js'
export type { SisyOptions } from './extension/sisy-options.js'
export type { SisyClient, SisyTx } from './extension/client-types.js'
export { plain, type Plain } from './extension/plain.js'
export type {
  CancelledRuns,
  EnqueuedRun,
  ResultOptions,
  RunsOf,
  TaskData,
  TaskMethods,
  TaskWhere,
} from './extension/task-methods.js'
// A module that exports its client is declared in these terms, with `declaration: true`; nobody writes them.
export type {
  BoundMethod,
  CheckedTarget,
  Nothing,
  PathOfTarget,
  RecordOption,
  Registered,
  ResultOf,
  TargetOf,
  UserdataOf,
  UserdataOption,
} from './extension/registered.js'
export type {
  RunIterations,
  RunOnce,
  RunOnceMany,
  Schedule,
  WithCallable,
} from './extension/named-methods.js'
export { Discard, Snooze } from './callable/control-flow.js'
export type {
  Callable,
  CallableResult,
  RunMessage,
  TaskContext,
  TaskHandle,
} from './callable/task-context.js'
export type { TransactionClient } from './callable/transaction-client.js'
export { defineConfig, type LogLevel, type SisyConfig } from './config/define-config.js'
export type { EnsuredTask } from './config/ensured-task.js'
export type { ClientContext, PrismaSource } from './config/prisma-source.js'
export type { QueueConfig, WorkerConfig } from './config/worker-config.js'
export { nextRuns, type NextRunsOptions } from './schedule/next-runs.js'
export type { ErrorRecord, OnOutcome, Outcome, OutcomeRun } from './run/outcome.js'
export type { Redact } from './run/redact-attempt.js'
export type { Backoff, IterationOptions, Misfire, RunOptions, TaskOptions } from './task/task-options.js'
export type { TaskRow } from './task/task-row.js'
export type { JsonArray, JsonObject, JsonValue } from './json/json-value.js'
export { SisyError } from './errors/sisy-error.js'
export * from './errors/errors.js'
