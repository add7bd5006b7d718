import type { ClaimedRun, JsonValue, RunMessage, StartedTask, TaskContext } from '@sisy/core/internal'
import type { RunAbort } from '../active-run.js'

/** A run in the hands of its holder. */
export interface HeldAttempt {
  readonly run: ClaimedRun
  readonly leaseToken: string
}

/** What callables may write to their runs. */
export interface RunWrites {
  readonly save: (held: HeldAttempt, userdata: JsonValue) => Promise<void>
  readonly complete: (held: HeldAttempt, ...given: Parameters<RunMessage['complete']>) => Promise<void>
}

/** The one argument of a callable. `userdata` is that of the task row given, or a one-shot's own. */
export function makeContext(
  held: HeldAttempt,
  row: StartedTask | null,
  abort: Pick<RunAbort, 'signal'>,
  writes: RunWrites,
): TaskContext<JsonValue> {
  const { run } = held
  const task: TaskContext<JsonValue>['task'] = {
    id: row?.id ?? null,
    key: row?.key ?? null,
    label: row?.label ?? run.label,
    callable: run.callable,
    schedule: row?.schedule ?? null,
    timezone: row?.timezone ?? null,
    iterations: row?.iterations ?? 0,
    startRunning: row?.startRunning ?? null,
    endRunning: row?.endRunning ?? null,
    lastRun: row?.lastRun ?? null,
    nextRun: row?.nextRun ?? null,
    userdata: row === null ? run.userdata : row.userdata,
    save: () => writes.save(held, task.userdata),
  }
  const { id, attempt, maxAttempts, dueAt, queue, uniqueKey } = run
  const message: RunMessage = {
    runId: id,
    attempt,
    maxAttempts,
    dueAt,
    queue,
    uniqueKey,
    complete: (...given) => writes.complete(held, ...given),
  }
  return withSignal({ task, message }, abort)
}

const source = Symbol('abort')

/** A getter, since most callables never look at it; one for all contexts, for each with its own would be a slow object. */
const signal = {
  enumerable: true,
  get(this: { readonly [source]: Pick<RunAbort, 'signal'> }): AbortSignal {
    return this[source].signal
  },
}

function withSignal(
  context: Pick<TaskContext<JsonValue>, 'task' | 'message'>,
  abort: Pick<RunAbort, 'signal'>,
): TaskContext<JsonValue> {
  Object.defineProperty(context, source, { value: abort })
  // The type does not follow what is defined.
  return Object.defineProperty(context, 'signal', signal) as TaskContext<JsonValue>
}
