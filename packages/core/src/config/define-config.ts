import type { OnOutcome } from '../run/outcome.js'
import type { Redact } from '../run/redact-attempt.js'
import type { EnsuredTask } from './ensured-task.js'
import type { PrismaSource } from './prisma-source.js'
import type { WorkerConfig } from './worker-config.js'

/** How much is logged: everything at this level and above it; `silent` logs nothing. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'

/** What `sisy.config.ts` exports. Each setting goes: command-line flag, else environment, else this, else default. */
export interface SisyConfig {
  /** The app's Prisma client with the plugin, or a function that makes it. Required. */
  readonly prisma: PrismaSource
  /** Tasks that heartbeat and worker make sure of when they start. Default: none. */
  readonly tasks?: readonly EnsuredTask[]
  /** Schedule of those `tasks` that give none. Default `* * * * *`. Environment: `SISY_DEFAULT_SCHEDULE`. */
  readonly defaultSchedule?: string
  /** IANA time zone of those `tasks` that give none. Default `UTC`. Environment: `SISY_TIMEZONE`. */
  readonly timezone?: string
  /** The clock process. */
  readonly heartbeat?: {
    /**
     * Seconds between two ticks, 0.1 to 3600; no task runs more often than once in that time. Default 60.
     * Environment: `SISY_HEARTBEAT_FREQUENCY`.
     */
    readonly frequency?: number
  }
  /** Names of the wake-up channels, all different, at most 63 bytes each. Apps on one database share them. */
  readonly channels?: {
    /** Wakes the heartbeat. Default `sisy.heartbeat`. Environment: `SISY_HEARTBEAT_CHANNEL`. */
    readonly heartbeat?: string
    /** Wakes workers that run out of work. Default `sisy.run_task`. Environment: `SISY_RUN_TASK_CHANNEL`. */
    readonly runTask?: string
    /** Tells workers of a cancelled run. Default `sisy.kill_task`. Environment: `SISY_KILL_TASK_CHANNEL`. */
    readonly killTask?: string
  }
  /** The process that runs tasks. */
  readonly worker?: WorkerConfig
  /** How long ended runs are kept. */
  readonly retention?: {
    /** Days a succeeded run is kept; 0 deletes it at the next tick. Default 1. */
    readonly succeededDays?: number
    /** Days a failed or cancelled run is kept; 0 deletes it at the next tick. Default 14. */
    readonly failedDays?: number
  }
  /**
   * Told how each attempt ended, for error reporting, by the process that wrote the end: the worker, or whoever took
   * the run back from one that is gone. Not waited for; what it throws or rejects with is logged and changes nothing.
   * A process that dies before it can tell tells nobody. Default: nobody is told.
   */
  readonly onOutcome?: OnOutcome | undefined
  /**
   * Takes out of a text what must not be kept, personal data for example. The worker calls it with each text an attempt
   * leaves (name, message, code and stack of its error and of the causes, the reason of a `Discard`, the last lines of
   * output) before that is stored, logged or given to `onOutcome`; results are not changed. Where it throws or returns
   * no text, the whole text is left out. It must be fast: nothing else happens meanwhile. Passwords in connection
   * strings are taken out in any case. Default: nothing else is.
   */
  readonly redact?: Redact | undefined
  /**
   * Connection string for LISTEN, which needs a connection of its own; give a direct one when the client goes through
   * a pooler. False: no LISTEN, polling only. Default: the adapter's own settings. Environment: `SISY_LISTEN`.
   */
  readonly listen?: string | false | undefined
  /** How much heartbeat and worker log. Default `info`. Environment: `SISY_LOG_LEVEL`. */
  readonly logLevel?: LogLevel
}

/** Gives `sisy.config.ts` its types. Checks nothing: the processes do when they load it. */
export function defineConfig(config: SisyConfig): SisyConfig {
  return config
}
