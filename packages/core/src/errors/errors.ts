import { SisyError } from './sisy-error.js'

/** A cron expression that cannot be read, or that names no instant. */
export class InvalidScheduleError extends SisyError<{ schedule: string; field?: string; text?: string }> {
  static override readonly code = 'INVALID_SCHEDULE'
}

/** A time zone that is no IANA name known to this Node. */
export class InvalidTimezoneError extends SisyError<{ timezone: unknown }> {
  static override readonly code = 'INVALID_TIMEZONE'
}

/** Of an error about one item of `runOnceMany`: the item's index. */
interface OfItem {
  item?: number
}

/** A field of a task, or an option of a call, with a value that is not accepted. */
export class InvalidTaskError extends SisyError<{ field: string; value: unknown } & OfItem> {
  static override readonly code = 'INVALID_TASK'
}

/** A value that JSON would drop or change; `path` leads to the offending member. */
export class NotSerialisableError extends SisyError<{ path: string; found: string } & OfItem> {
  static override readonly code = 'NOT_SERIALISABLE'
}

/** Something that cannot be registered as a callable, or cannot be under this name. */
export class InvalidCallableError extends SisyError<{ path: string }> {
  static override readonly code = 'INVALID_CALLABLE'
}

/** A path or function that names no registered callable. */
export class UnknownCallableError extends SisyError<{ path: string; known: readonly string[] }> {
  static override readonly code = 'UNKNOWN_CALLABLE'
}

/** A function value registered under several paths. */
export class AmbiguousCallableError extends SisyError<{ paths: readonly string[] }> {
  static override readonly code = 'AMBIGUOUS_CALLABLE'
}

/** A record key that is incomplete, of the wrong type, or of a model whose primary key is not known. */
export class InvalidRecordKeyError extends SisyError<{ model: string; key?: unknown } & OfItem> {
  static override readonly code = 'INVALID_RECORD_KEY'
}

/** The record a run is bound to is not in the database any more. */
export class RecordMissingError extends SisyError<{ model: string; key: unknown }> {
  static override readonly code = 'RECORD_MISSING'
}

/** An unfinished run already holds the unique key, or the task allows no overlap and has an unfinished run. */
export class RunAlreadyActive extends SisyError<{ activeKey: string }> {
  static override readonly code = 'RUN_ALREADY_ACTIVE'
}

/** No run, or no task, answers to what was asked for. */
export class NotFoundError extends SisyError<{ what: 'run' | 'task'; where: unknown }> {
  static override readonly code = 'NOT_FOUND'
}

/** The awaited run ended without a result: it failed or was cancelled. `cause` is what the last attempt left. */
export class RunFailedError extends SisyError<{ runId: string; state: string; attempt: number }> {
  static override readonly code = 'RUN_FAILED'
}

/** The run is not in a state that allows what was asked for. */
export class RunStateError extends SisyError<{ runId: string; state: string }> {
  static override readonly code = 'RUN_STATE'
}

/** Reason of a signal: the attempt took longer than its `timeoutSeconds`. */
export class RunTimeoutError extends SisyError<{ runId: string; timeoutSeconds: number }> {
  static override readonly code = 'RUN_TIMEOUT'
}

/** The process of the run went over its memory limit. */
export class RunMemoryError extends SisyError<{
  runId: string
  pid: number
  residentBytes: number
  limitBytes: number
}> {
  static override readonly code = 'RUN_MEMORY'
}

/** The process of the run died: it exited, threw what nobody caught, or was killed. */
export class RunCrashedError extends SisyError<{
  runId: string
  pid: number
  exitCode: number | null
  signal: string | null
}> {
  static override readonly code = 'RUN_CRASHED'
}

/** Reason of a signal: somebody cancelled the run. */
export class RunCancelledError extends SisyError<{ runId: string }> {
  static override readonly code = 'RUN_CANCELLED'
}

/** Reason of a signal: the worker is shutting down. */
export class WorkerShutdownError extends SisyError<{ runId: string }> {
  static override readonly code = 'WORKER_SHUTDOWN'
}

/** The lease was lost to the rescuer or to another worker; nothing this attempt produced is saved. */
export class LeaseLostError extends SisyError<{ runId: string; attempt: number }> {
  static override readonly code = 'LEASE_LOST'
}

/** A setting that is missing, unknown or out of range, or a configuration that cannot be loaded. */
export class ConfigError extends SisyError<{ setting?: string; value?: unknown; source?: string }> {
  static override readonly code = 'CONFIG'
}

/** The database cannot be reached, lacks Sisy's tables, or cannot be used as asked. */
export class DatabaseError extends SisyError<{ database?: string }> {
  static override readonly code = 'DATABASE'
}
