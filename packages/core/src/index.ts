export { sisy, type SisyExtension } from './extension/sisy.js'
export type { SisyOptions } from './extension/sisy-options.js'
export type { SisyClient, SisyTx } from './extension/client-types.js'
export { plain, type Plain } from './extension/plain.js'
export type {
  EnqueuedRun,
  ResultOptions,
  TaskData,
  TaskMethods,
  TaskWhere,
} from './extension/task-methods.js'
export type { BoundMethod } from './extension/registered.js'
export { Discard, Snooze } from './callable/control-flow.js'
export type {
  Callable,
  CallableResult,
  RunMessage,
  TaskContext,
  TaskHandle,
} from './callable/task-context.js'
export { defineConfig, type LogLevel, type SisyConfig } from './config/define-config.js'
export type { EnsuredTask } from './config/ensured-task.js'
export type { ClientContext, PrismaSource } from './config/prisma-source.js'
export { nextRuns, type NextRunsOptions } from './schedule/next-runs.js'
export type { Backoff, IterationOptions, Misfire, RunOptions, TaskOptions } from './task/task-options.js'
export type { TaskRow } from './task/task-row.js'
export type { JsonArray, JsonObject, JsonValue } from './json/json-value.js'
export { SisyError } from './errors/sisy-error.js'
export * from './errors/errors.js'
