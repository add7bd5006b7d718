import type { EngineOptions, ModuleLoader } from '@sisy/core/internal'

/** What `createWorker` takes: the settings of `sisy.config.ts`, with the client itself. */
export interface WorkerOptions extends EngineOptions {
  /**
   * Path of the configuration that each child process loads, to have a client of its own. Default: no child processes;
   * user code runs in this one, as with `worker.inline`.
   */
  readonly config?: string
  /** What reads the configuration's TypeScript in child processes. Default `tsx`. */
  readonly loader?: ModuleLoader
}
